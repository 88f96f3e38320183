"""The proof by violence that a delivery goes out once: workers are killed at every boundary, again and again, while
networks lose answers and the database restarts; afterwards what the networks hold is compared with what we say.
"""
