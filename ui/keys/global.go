package keys

// Map is every binding that means the same on every screen.
type Map struct {
	Screen1, Screen2, Screen3, Screen4, Screen5, Screen6 Binding

	Help, Palette, Filter, Open, Back, Quit, Interrupt Binding
	Refresh, Copy, CopyJSON, Console, Errors           Binding
	Sort, SortReverse, Mark, Range, MarkAll            Binding
	NextPane, PreviousPane                             Binding
	Contexts, Unlock, Pause, Suspend, Preview          Binding
	Up, Down, Top, Bottom, PageUp, PageDown            Binding
	HalfUp, HalfDown                                   Binding
}

// Global is the one key map of the dashboard.
func Global() Map {
	return Map{
		Screen1: New("Overview", "1"),
		Screen2: New("Orders", "2"),
		Screen3: New("Executions", "3"),
		Screen4: New("Dead letters", "4"),
		Screen5: New("Submit", "5"),
		Screen6: New("Activity", "6"),

		Help:      New("help", "?"),
		Palette:   Binding{Keys: []string{":", "ctrl+k"}, Label: ":", Help: "commands"},
		Filter:    New("filter", "/"),
		Open:      New("open", "enter"),
		Back:      New("back", "esc"),
		Quit:      New("quit", "q"),
		Interrupt: New("finish and quit; twice: at once", "ctrl+c"),

		Refresh:  New("refresh now", "r"),
		Copy:     New("copy id", "y"),
		CopyJSON: New("copy as JSON", "Y"),
		Console:  New("AWS console link", "o"),
		Errors:   New("errors in full", "!"),

		Contexts: New("another context", "ctrl+p"),
		Unlock:   New("unlock or lock production", "U"),
		Pause:    New("freeze the picture, or go on", "P"),
		Preview:  New("preview right, below, away", "|"),
		Suspend:  New("back to the shell; fg comes back", "ctrl+z"),

		Sort:        New("sort by next column", "s"),
		SortReverse: New("turn sort round", "S"),
		Mark:        New("mark", "space"),
		Range:       New("mark a range", "v"),
		MarkAll:     New("mark all matching", "ctrl+a"),

		NextPane:     New("next pane", "tab"),
		PreviousPane: New("previous pane", "shift+tab"),

		Up:       Binding{Keys: []string{"up", "k"}, Label: "↑ k", Help: "up"},
		Down:     Binding{Keys: []string{"down", "j"}, Label: "↓ j", Help: "down"},
		Top:      Binding{Keys: []string{"g", "home"}, Label: "g home", Help: "first"},
		Bottom:   Binding{Keys: []string{"G", "end"}, Label: "G end", Help: "last"},
		PageUp:   New("page up", "pgup", "ctrl+b"),
		PageDown: New("page down", "pgdown", "ctrl+f"),
		HalfUp:   New("half a page up", "ctrl+u"),
		HalfDown: New("half a page down", "ctrl+d"),
	}
}

// Sections groups the map for help and documentation.
func (m Map) Sections() []Section {
	return []Section{
		{"Screens", []Binding{m.Screen1, m.Screen2, m.Screen3, m.Screen4, m.Screen5, m.Screen6}},
		{"Everywhere", []Binding{
			m.Help, m.Palette, m.Filter, m.Open, m.Back, m.NextPane, m.PreviousPane, m.Refresh, m.Copy, m.CopyJSON,
			m.Console, m.Errors, m.Contexts, m.Unlock, m.Pause, m.Suspend, m.Quit, m.Interrupt,
		}},
		{"Lists", []Binding{
			m.Up, m.Down, m.Top, m.Bottom, m.PageUp, m.PageDown, m.HalfUp, m.HalfDown, m.Sort, m.SortReverse,
			m.Mark, m.Range, m.MarkAll, m.Preview,
		}},
		{"Mouse in lists", []Binding{
			New("select a row", "click"), New("mark a row", "ctrl+click"), New("sort; again: turn round", "click a title"), New("scroll", "wheel"),
		}},
	}
}

// All is every binding of the map.
func (m Map) All() []Binding {
	var all []Binding
	for _, s := range m.Sections() {
		all = append(all, s.Bindings...)
	}
	return all
}
