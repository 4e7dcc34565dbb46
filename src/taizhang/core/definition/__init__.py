"""What packs define: norms, tasks, rubrics, calendars, the Pack, all packs as one name space."""
