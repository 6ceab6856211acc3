package keys

import "strings"

// Named is a binding that operators know by a name, to give it other keys.
type Named struct {
	// Name is "place.what" for what only one screen does, else one word that
	// holds on every screen.
	Name string
	// Keys are the ones that the program gives it; the first tells it apart.
	Keys []string
	// Fixed keys can't be changed: how to go on, back and out is the same for everybody.
	Fixed bool
}

// Place is the screen that a binding belongs to; "" is every screen.
func (n Named) Place() string {
	place, _, found := strings.Cut(n.Name, ".")
	if !found {
		return ""
	}
	return place
}

// Names are all bindings that have a name.
func Names() []Named {
	m := Global()
	var all []Named
	for _, g := range []struct {
		name    string
		binding Binding
		fixed   bool
	}{
		{"go-overview", m.Screen1, false},
		{"go-orders", m.Screen2, false},
		{"go-executions", m.Screen3, false},
		{"go-dead-letters", m.Screen4, false},
		{"go-submit", m.Screen5, false},
		{"go-activity", m.Screen6, false},
		{"help", m.Help, false},
		{"palette", m.Palette, false},
		{"filter", m.Filter, false},
		{"open", m.Open, true},
		{"back", m.Back, true},
		{"interrupt", m.Interrupt, true},
		{"quit", m.Quit, false},
		{"refresh", m.Refresh, false},
		{"copy", m.Copy, false},
		{"copy-json", m.CopyJSON, false},
		{"console", m.Console, false},
		{"errors", m.Errors, false},
		{"contexts", m.Contexts, false},
		{"unlock", m.Unlock, false},
		{"pause", m.Pause, false},
		{"suspend", m.Suspend, false},
		{"sort", m.Sort, false},
		{"sort-reverse", m.SortReverse, false},
		{"mark", m.Mark, false},
		{"mark-range", m.Range, false},
		{"mark-all", m.MarkAll, false},
		{"preview", m.Preview, false},
		{"next-pane", m.NextPane, false},
		{"previous-pane", m.PreviousPane, false},
		{"up", m.Up, false},
		{"down", m.Down, false},
		{"top", m.Top, false},
		{"bottom", m.Bottom, false},
		{"page-up", m.PageUp, false},
		{"page-down", m.PageDown, false},
		{"half-up", m.HalfUp, false},
		{"half-down", m.HalfDown, false},
	} {
		all = append(all, Named{Name: g.name, Keys: g.binding.Keys, Fixed: g.fixed})
	}
	for _, line := range []string{
		"overview.submit n", "overview.metrics m",
		"orders.execution e", "orders.find f", "orders.read-older p", "orders.export E",
		"executions.redrive R", "executions.cancel-redrive X", "executions.stop x", "executions.export E",
		"executions.run-again n", "executions.run-edited N", "executions.copy-command c", "executions.copy-change C",
		"executions.step-back left h", "executions.step-on right l", "executions.events e", "executions.log L", "executions.graph z", "executions.order u",
		"dead-letters.inspect i", "dead-letters.redrive R", "dead-letters.delete d", "dead-letters.redrive-all A",
		"dead-letters.redrive-whatever I", "dead-letters.redrive-few K", "dead-letters.purge D", "dead-letters.copy-to-queue C",
		"dead-letters.purge-unarchived Z", "dead-letters.apply-saved O", "dead-letters.move-elsewhere M",
		"dead-letters.pause-run p", "dead-letters.finish F", "dead-letters.verify V", "dead-letters.move-all m", "dead-letters.cancel c",
		"dead-letters.edit e", "dead-letters.edit-in-editor ctrl+e", "dead-letters.edit-by-jq J", "dead-letters.previous-edit left", "dead-letters.next-edit right",
		"dead-letters.groups t", "dead-letters.compare x", "dead-letters.export E", "dead-letters.import L", "dead-letters.restore u", "dead-letters.wrap w",
		"submit.edit e",
		"activity.by-api a", "activity.runs h",
	} {
		fields := strings.Fields(line)
		all = append(all, Named{Name: fields[0], Keys: fields[1:]})
	}
	// They are four directions, or typed into.
	return append(all,
		Named{Name: "executions.move-graph", Keys: []string{"shift+up", "shift+down", "shift+left", "shift+right"}, Fixed: true},
		Named{Name: "submit.raw", Keys: []string{"ctrl+r"}, Fixed: true},
	)
}

// on are the bindings that hold on a screen, its own first.
func on(place string) []Named {
	var own, everywhere []Named
	for _, n := range Names() {
		switch n.Place() {
		case place:
			own = append(own, n)
		case "":
			everywhere = append(everywhere, n)
		}
	}
	return append(own, everywhere...)
}

// NameOf is the name of a binding of a screen, by the first of its keys; false
// when it has none.
func NameOf(place string, b Binding) (Named, bool) {
	if len(b.Keys) == 0 {
		return Named{}, false
	}
	for _, n := range on(place) {
		if n.Keys[0] == b.Keys[0] {
			return n, true
		}
	}
	return Named{}, false
}
