package operation

// BreakJournal makes every further entry of the run's journal fail.
func (r *Run) BreakJournal() { _ = r.log.Close() }
