"""Progress of a plan: states of tasks, due dates, timetable, responsibility."""
