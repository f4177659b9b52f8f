"""What people use: HTTP intake, console, worklist, wall, and the read model behind them."""
