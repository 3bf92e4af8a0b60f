"""Operations, visits, questions and answers, people and their booked time."""
