package journal

import (
	"time"

	"orderops/workflow"
)

// Stage is how far one message has come.
type Stage string

// The stages.
const (
	// Pending: the message was about to be sent, and no answer is on record. It may
	// exist twice.
	Pending Stage = "may exist twice"
	// Refused: it was surely not sent and is where it was.
	Refused Stage = "not sent"
	// Taken: the queue took it; the dead letter is not known to be deleted.
	Taken Stage = "sent, not deleted"
	// Moved: it was sent, and the dead letter is deleted.
	Moved Stage = "redriven"
	// Removed: it was deleted without being sent.
	Removed Stage = "deleted"
	// Closed: its fate was open, and was found out or accepted.
	Closed Stage = "settled"
)

// Finished tells that nothing remains to be done for the message.
func (s Stage) Finished() bool { return s != Pending && s != Taken }

// Item is one message of a run.
type Item struct {
	ID      workflow.MessageID
	OrderID workflow.OrderID
	NewID   workflow.MessageID
	Stage   Stage
	// Why says why it was not sent or not deleted; "" when it was.
	Why string
	// Doubtful tells that a send of it had no answer at some time: even when it
	// was sent again since, it may exist twice.
	Doubtful bool
	// Outcome is what became of it after it was sent; "" while not known.
	Outcome string
	// Redrives is what its new lineage says.
	Redrives int
}

// State is a run as its entries tell it. Bodies are not kept.
type State struct {
	Head  Head
	Items []Item
	// Ended is when the run was closed; zero while it is open.
	Ended time.Time
	Note  string
	// Damaged counts lines in the middle that could not be read.
	Damaged int

	index map[workflow.MessageID]int
}

// Unfinished are the messages for which something remains to be done.
func (s *State) Unfinished() []Item {
	var items []Item
	for _, item := range s.Items {
		if !item.Stage.Finished() {
			items = append(items, item)
		}
	}
	return items
}

// Doubtful are the messages that may exist twice.
func (s *State) Doubtful() []Item {
	var items []Item
	for _, item := range s.Items {
		if item.Named() {
			items = append(items, item)
		}
	}
	return items
}

// Named tells that the message may exist twice, as far as is known. One that was
// found to have arrived does not.
func (i Item) Named() bool { return i.Doubtful && (i.Stage != Closed || i.Why != "") }

// Item finds a message of the run.
func (s *State) Item(id workflow.MessageID) (Item, bool) {
	i, ok := s.index[id]
	if !ok {
		return Item{}, false
	}
	return s.Items[i], true
}

// take follows one entry.
func (s *State) take(e Entry) {
	switch e.Kind {
	case Begin:
		if e.Head != nil {
			s.Head = *e.Head
		}
	case Intent:
		for _, l := range e.Letters {
			s.intend(l)
		}
	case End:
		s.Ended, s.Note = e.At, e.Note
	case Sent, Deleted, Outcome, Settled:
		for _, r := range e.Results {
			if i, ok := s.index[r.ID]; ok {
				s.Items[i].follow(e.Kind, r)
			}
		}
	}
}

func (s *State) intend(l Letter) {
	if s.index == nil {
		s.index = map[workflow.MessageID]int{}
	}
	i, again := s.index[l.ID]
	if !again {
		i = len(s.Items)
		s.index[l.ID] = i
		s.Items = append(s.Items, Item{ID: l.ID})
	}
	item := &s.Items[i]
	if again && item.Stage == Pending {
		item.Doubtful = true
	}
	item.OrderID, item.Why = l.OrderID, ""
	item.Redrives = workflow.Message{Attributes: l.NewAttributes}.Lineage().Redrives
	item.Stage = Pending
	if !l.Send {
		item.Stage = Taken
	}
}

func (i *Item) follow(kind Kind, r Result) {
	switch kind {
	case Sent:
		i.Doubtful = i.Doubtful || r.Doubtful
		switch {
		case r.NewID != "":
			i.Stage, i.NewID, i.Why = Taken, r.NewID, r.Why
		case r.Doubtful:
			i.Stage, i.Why = Pending, r.Why
		default:
			i.Stage, i.Why = Refused, r.Why
		}
	case Deleted:
		if r.Why != "" {
			i.Why = r.Why
			return
		}
		switch {
		case i.Stage == Closed:
		case i.NewID != "":
			i.Stage = Moved
		default:
			i.Stage = Removed
		}
		if !i.Doubtful {
			i.Why = ""
		}
	case Outcome:
		i.Outcome = r.Outcome
	case Settled:
		i.Stage, i.Why, i.Outcome = Closed, r.Why, r.Outcome
		i.Doubtful = i.Doubtful || r.Doubtful
		if r.NewID != "" {
			i.NewID = r.NewID
		}
	case Begin, Intent, End:
	}
}
