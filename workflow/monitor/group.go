package monitor

import (
	"cmp"
	"slices"
	"time"

	"orderops/workflow"
)

// GroupKey is what dead letters have in common: their verdict, and their cause
// without what differs from message to message, "" when nothing is in the way.
type GroupKey struct {
	Verdict workflow.Verdict
	Cause   string
}

// Filter is the filter that lets just this group through.
func (k GroupKey) Filter() string {
	return `verdict:="` + string(k.Verdict) + `" group:="` + k.Cause + `"`
}

// Group is how many dead letters have a verdict and a cause, and when the first
// and the last of them were sent; zero when no message tells.
type Group struct {
	GroupKey
	Count       int
	First, Last time.Time
}

// groups are kept as dead letters come, change and go.
type groups struct {
	by map[GroupKey]*Group
	// stale are groups that have lost the first or the last of their letters.
	stale map[GroupKey]bool
	// list is what was handed out last; nil when something has changed since.
	list []Group
}

func newGroups() groups { return groups{by: map[GroupKey]*Group{}, stale: map[GroupKey]bool{}} }

// Key is the group of the letter.
func (d *DeadLetter) Key() GroupKey { return GroupKey{d.Verdict, d.group} }

// put counts a letter.
func (g *groups) put(d *DeadLetter) {
	key := d.Key()
	group, known := g.by[key]
	if !known {
		group = &Group{GroupKey: key}
		g.by[key] = group
	}
	group.Count++
	group.span(d.Sent)
	g.list = nil
}

func (g *Group) span(sent time.Time) {
	if sent.IsZero() {
		return
	}
	if g.First.IsZero() || sent.Before(g.First) {
		g.First = sent
	}
	if sent.After(g.Last) {
		g.Last = sent
	}
}

// remove takes a letter out of its group.
func (g *groups) remove(d *DeadLetter) {
	key := d.Key()
	group, known := g.by[key]
	if !known {
		return
	}
	g.list = nil
	if group.Count--; group.Count == 0 {
		delete(g.by, key)
		delete(g.stale, key)
		return
	}
	if d.Sent.Equal(group.First) || d.Sent.Equal(group.Last) {
		g.stale[key] = true
	}
}

func (g *groups) clear() {
	clear(g.by)
	clear(g.stale)
	g.list = nil
}

// DeadLetterGroups are the groups of what was received, the largest first. The
// list is made anew only after a change, and never changed.
func (s *Store) DeadLetterGroups() []Group {
	g := &s.groups
	if g.list != nil {
		return g.list
	}
	s.respan()
	g.list = make([]Group, 0, len(g.by))
	for _, group := range g.by {
		g.list = append(g.list, *group)
	}
	slices.SortFunc(g.list, func(a, b Group) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Cause, b.Cause))
	})
	return g.list
}

// respan finds the first and the last of groups that have lost theirs, in one
// pass over all letters.
func (s *Store) respan() {
	g := &s.groups
	if len(g.stale) == 0 {
		return
	}
	for key := range g.stale {
		g.by[key].First, g.by[key].Last = time.Time{}, time.Time{}
	}
	for _, d := range s.deadLetters.all {
		if key := d.Key(); g.stale[key] {
			g.by[key].span(d.Sent)
		}
	}
	clear(g.stale)
}

// InGroups are the received letters of some groups, in the order of the list,
// whether they pass its filter or not.
func (s *Store) InGroups(keys ...GroupKey) []workflow.DeadLetter {
	var letters []workflow.DeadLetter
	for d := range s.deadLetters.All() {
		if slices.Contains(keys, d.Key()) {
			letters = append(letters, d.DeadLetter)
		}
	}
	return letters
}

// Unjudged is how many received dead letters have no verdict yet.
func (s *Store) Unjudged() int { return s.verdicts[workflow.Readable] }
