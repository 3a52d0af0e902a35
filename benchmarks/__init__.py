"""What is measured: teasers, rendering, delivery, the list and the pages, the preview."""
