"""The values that everything else is about.

Frozen, and without any knowledge of disk, network or clock.
"""
