"""The overview of a period: money, friction, deadlines, teams, surges, forecast."""
