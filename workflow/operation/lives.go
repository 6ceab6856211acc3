package operation

import (
	"sync"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// lives are the earlier lives of messages that this machine has sent on, by
// their new ids, as the journal tells them. They tie a message to its order also
// where it had no room for lineage.
type lives struct {
	mu     sync.Mutex
	loaded bool
	before map[workflow.MessageID]life
	// doubtful are dead letters that may have been sent on already, by an
	// attempt whose answer is not on record.
	doubtful map[workflow.MessageID]bool
}

// life is a message before it was sent on.
type life struct {
	id    workflow.MessageID
	order workflow.OrderID
	// redriven tells that it went to the consumer meanwhile, and was not only put
	// back or copied.
	redriven bool
}

func (l *lives) add(newID, id workflow.MessageID, order workflow.OrderID, redriven bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.before == nil {
		l.before = map[workflow.MessageID]life{}
	}
	l.before[newID] = life{id, order, redriven}
}

// doubt notes, or forgets, that a dead letter may have been sent on already.
func (l *lives) doubt(id workflow.MessageID, doubtful bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.doubtful == nil {
		l.doubtful = map[workflow.MessageID]bool{}
	}
	l.doubtful[id] = doubtful
}

func (l *lives) doubts(id workflow.MessageID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.doubtful[id]
}

// of are the orders that a message stood for before, and how often it was
// redriven. A journal that can't be read tells of none.
func (l *lives) of(j *journal.Journal, id workflow.MessageID) (others []workflow.OrderID, redrives int) {
	l.load(j)
	l.mu.Lock()
	defer l.mu.Unlock()
	for seen := map[workflow.MessageID]bool{}; !seen[id]; {
		seen[id] = true
		before, ok := l.before[id]
		if !ok {
			return others, redrives
		}
		others = append(others, before.order, workflow.OrderID(before.id))
		if before.redriven {
			redrives++
		}
		id = before.id
	}
	return others, redrives
}

func (l *lives) load(j *journal.Journal) {
	l.mu.Lock()
	loaded := l.loaded
	l.loaded = true
	l.mu.Unlock()
	if loaded || j == nil {
		return
	}
	runs, _ := j.Runs() // what can be read is taken
	for _, run := range runs {
		for _, item := range run.Items {
			if item.NewID != "" {
				l.add(item.NewID, item.ID, item.OrderID, Verb(run.Head.Verb).sends())
			}
			if item.Stage == journal.Pending {
				l.doubt(item.ID, true)
			}
		}
	}
}
