"""Measure what the project promises: `python -m benchmarks [GROUP] [options of that group]`.

Groups: teasers, delivery, rendering, preview, subscribers. Without one, all of them.
"""

import sys


def main(arguments: list[str]) -> int:
    """Run one group, or all; end with 1 where a bar is missed."""
    from benchmarks.delivery.__main__ import main as delivery
    from benchmarks.preview.__main__ import main as preview
    from benchmarks.rendering.__main__ import main as rendering
    from benchmarks.subscribers.__main__ import main as subscribers
    from benchmarks.teasers.__main__ import main as teasers

    groups = {
        "teasers": teasers,
        "delivery": delivery,
        "rendering": rendering,
        "preview": preview,
        "subscribers": subscribers,
    }
    if arguments and arguments[0] in groups:
        return groups[arguments[0]](arguments[1:])
    if arguments:
        print(f"There is no group {arguments[0]}. There is: {', '.join(groups)}", file=sys.stderr)
        return 2
    return max([group([]) for group in groups.values()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
