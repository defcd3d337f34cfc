"""The SQL of the reviewers' side: the queue, what is done on a case, what a case consists of."""
