package deadletters

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/ui/component/table"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// groupRows are the groups of what was received, as the rows of a list. Their
// cost is that of the groups, not of the letters.
type groupRows struct {
	screen *Screen
	// shown are the groups in the order of the list.
	shown      []monitor.Group
	made       *monitor.Group // the first of the store's list that shown was made from
	sort       string
	descending bool
}

func groupColumns() []list.Column {
	return []list.Column{
		{Column: table.Column{Title: "messages", Min: 9, Right: true}, Sort: "count", Descending: true},
		{Column: table.Column{Title: "verdict", Min: 19}, Sort: "verdict"},
		{Column: table.Column{Title: "first sent", Min: 10, Priority: 2}, Sort: "first"},
		{Column: table.Column{Title: "last sent", Min: 9, Priority: 1}, Sort: "last", Descending: true},
		{Column: table.Column{Title: "cause", Min: 20, Weight: 1}, Sort: "cause"},
	}
}

func groupID(k monitor.GroupKey) string { return string(k.Verdict) + "\n" + k.Cause }

// refresh takes in what has changed in the store.
func (r *groupRows) refresh() {
	groups := r.screen.world.Store.DeadLetterGroups()
	if len(groups) == 0 {
		r.shown, r.made = nil, nil
		return
	}
	if r.made == &groups[0] {
		return
	}
	r.made, r.shown = &groups[0], slices.Clone(groups)
	r.order()
}

func (r *groupRows) order() {
	slices.SortStableFunc(r.shown, func(a, b monitor.Group) int {
		var c int
		switch r.sort {
		case "count":
			c = cmp.Compare(a.Count, b.Count)
		case "verdict":
			c = cmp.Compare(a.Verdict, b.Verdict)
		case "first":
			c = a.First.Compare(b.First)
		case "last":
			c = a.Last.Compare(b.Last)
		case "cause":
			c = cmp.Compare(a.Cause, b.Cause)
		}
		if r.descending {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(groupID(a.GroupKey), groupID(b.GroupKey)))
	})
}

func (r *groupRows) Len() int               { return len(r.shown) }
func (r *groupRows) Total() int             { return len(r.shown) }
func (r *groupRows) ID(i int) string        { return groupID(r.shown[i].GroupKey) }
func (r *groupRows) Sort() (string, bool)   { return r.sort, r.descending }
func (r *groupRows) SetFilter(string) error { return nil }
func (r *groupRows) Find(id string) int {
	return slices.IndexFunc(r.shown, func(g monitor.Group) bool { return groupID(g.GroupKey) == id })
}

func (r *groupRows) SetSort(column string, descending bool) {
	r.sort, r.descending = column, descending
	r.order()
}

// Cells are one group.
func (r *groupRows) Cells(i int, dst []table.Cell) []table.Cell {
	g, now := r.shown[i], r.screen.world.Now
	glyph, tone := r.screen.theme.Status(string(g.Verdict))
	verdict := string(g.Verdict)
	if g.Verdict == workflow.Readable {
		verdict = "not checked"
	}
	return append(
		dst,
		table.Cell{Text: text.Count(g.Count)},
		table.Cell{Text: glyph + " " + verdict, Tone: tone},
		table.Cell{Text: ago(age(g.First, now))},
		table.Cell{Text: ago(age(g.Last, now))},
		table.Cell{Text: cmp.Or(g.Cause, "–")},
	)
}

func ago(age string) string {
	if age == "–" {
		return age
	}
	return age + " ago"
}

// chosenGroups are the marked groups, else the one under the cursor.
func (s *Screen) chosenGroups() []monitor.Group {
	var chosen []monitor.Group
	for _, id := range s.groups.Chosen() {
		if i := s.groupRows.Find(id); i >= 0 {
			chosen = append(chosen, s.groupRows.shown[i])
		}
	}
	return chosen
}

// groupActions turn from the messages to their groups, and back.
func (s *Screen) groupActions() (open, toggle action.Action) {
	a := action.Action{Binding: keys.New("groups", "t"), Title: "show the groups of verdict and cause, or the messages", Quiet: s.index().Total() == 0, Run: func() tea.Cmd {
		s.grouped = !s.grouped
		s.Refresh()
		return nil
	}}
	switch {
	case s.grouped:
		a.Binding.Help = "messages"
	case s.index().Total() == 0:
		a.Unavailable = "nothing was received; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	open = action.Action{Binding: s.keys.Open, Title: "list the messages of the group", Run: s.openGroup}
	if len(s.groupRows.shown) == 0 {
		open.Unavailable = "there is no group"
	}
	return open, a
}

// openGroup lists the messages of the group under the cursor.
func (s *Screen) openGroup() tea.Cmd {
	id, ok := s.groups.Table.Cursor()
	if i := s.groupRows.Find(id); ok && i >= 0 {
		s.grouped = false
		s.list.SetFilter(s.groupRows.shown[i].Filter())
	}
	return nil
}

// groupsView lists the groups.
func (s *Screen) groupsView(w, h int) string {
	s.groups.SetSize(w, h)
	return s.groups.View("Groups of "+text.Count(s.index().Total())+s.working(), s.lease())
}
