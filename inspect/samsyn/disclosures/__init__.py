"""What one authority hands another, on which ground: the one lawful way across the walls."""
