"""What people do to plan: rules and slots, spans and layers, series, and who watches."""
