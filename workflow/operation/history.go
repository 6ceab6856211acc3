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
		back := s.Head.Verb == string(Restore) || s.Head.Verb == string(Import)
		if s.Head.From == d.deployment.DeadLetterURL || back && s.Head.To == d.deployment.DeadLetterURL {
			ours = append(ours, s)
		}
	}
	return ours, err
}
