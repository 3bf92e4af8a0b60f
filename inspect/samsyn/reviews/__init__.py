"""The trail under review: a month's sample to tick off, and alarms on unusual reading. The log reviewers' alone."""
