"""What the world may ask: one file for each noun, and one door through which every record passes."""

from schema.build import build
