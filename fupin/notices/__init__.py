"""公告公示: what is posted in a village and on the public pages, for how long, and what was objected to it (procedures §9)."""
