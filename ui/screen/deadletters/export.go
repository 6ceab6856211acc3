package deadletters

import (
	"io"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/letterfile"
)

// exportAction writes what is marked, else all that match of what was received,
// to a file whose name is asked for. Nothing is asked of AWS.
func (s *Screen) exportAction() action.Action {
	a := action.Action{Binding: keys.New("export", "E"), Title: "export dead letters to a file: what is marked, else all received that match", Quiet: true}
	if s.index().Len() == 0 {
		a.Unavailable = "nothing was received; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	a.Run = func() tea.Cmd { return s.world.Export("dead letters", "dead-letters-", s.export) }
	return a
}

func (s *Screen) export(name string) tea.Cmd {
	letters := s.marked()
	if s.grouped {
		letters = s.chosen()
	}
	if len(letters) == 0 {
		letters = s.matching()
	}
	return s.world.WriteFile(name, "dead letters", len(letters),
		func(w io.Writer) error { return letterfile.WriteCSV(w, letters) },
		func(w io.Writer) error { return letterfile.WriteLines(w, letters) })
}

// marked are the letters of the marked rows.
func (s *Screen) marked() []workflow.DeadLetter {
	if s.list.MarkCount() == 0 {
		return nil
	}
	return s.chosen()
}

// matching are the received letters that pass the filter.
func (s *Screen) matching() []workflow.DeadLetter {
	letters := make([]workflow.DeadLetter, 0, s.index().Len())
	for i := range s.index().Len() {
		letters = append(letters, s.index().At(i).DeadLetter)
	}
	return letters
}
