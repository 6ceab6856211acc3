package operation

import "orderops/workflow/operation/journal"

// History are the runs over this deployment's dead letters that the journal
// keeps, the newest first, those of earlier starts included.
func (d *Desk) History() ([]journal.State, error) {
	if d.options.Journal == nil {
		return nil, nil
	}
	runs, err := d.options.Journal.Runs()
	var ours []journal.State
	for _, s := range runs {
		if deadLettersOf(&s) == d.deployment.DeadLetterURL {
			ours = append(ours, s)
		}
	}
	return ours, err
}

// deadLettersOf is the URL of the dead-letter queue that a run is about.
func deadLettersOf(s *journal.State) string {
	if s.Head.Verb == string(Restore) || s.Head.Verb == string(Import) {
		return s.Head.To
	}
	return s.Head.From
}
