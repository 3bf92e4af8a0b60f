"""A unit's year in numbers: the national follow-up of tobacco supervision, and all fields of work in the same terms."""
