"""swa_viz: sliding-window attention made visible on a real model."""
