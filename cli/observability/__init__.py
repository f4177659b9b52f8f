"""What watches over the system: alert rules and dashboards made from one table, and what `langnghe up` starts."""
