"""What records state: facts, month cube, states of entities, closings; counted anew at will."""
