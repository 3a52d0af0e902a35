"""The values that everything else is about: frozen, and without any knowledge of disk, network or clock."""
