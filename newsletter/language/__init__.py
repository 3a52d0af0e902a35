"""What is known of each language: where sentences end, which words lean on what stood before."""
