package vtscreen

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Changed returns a channel closed at the next Write.
func (s *Screen) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// stable is the picture at the last complete frame: inside a synchronized
// update it is the one before the update began, as a real terminal shows.
func (s *Screen) stable() *uv.Buffer {
	if s.modes[2026] && s.last != nil {
		return s.last
	}
	return s.buf
}

// Lines returns the text of each row, trailing blanks trimmed.
func (s *Screen) Lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return lines(s.stable())
}

func lines(b *uv.Buffer) []string {
	out := make([]string, b.Height())
	for y := range out {
		var sb strings.Builder
		for x := 0; x < b.Width(); {
			c := b.CellAt(x, y)
			if c == nil || c.Content == "" {
				sb.WriteByte(' ')
				x++
				continue
			}
			sb.WriteString(c.Content)
			x += max(1, c.Width)
		}
		out[y] = strings.TrimRight(sb.String(), " ")
	}
	return out
}

// Text is Lines joined by newlines, trailing empty lines trimmed: a golden-file
// friendly snapshot.
func (s *Screen) Text() string { return strings.TrimRight(strings.Join(s.Lines(), "\n"), "\n") + "\n" }

// Snapshot returns a copy of the cells.
func (s *Screen) Snapshot() *uv.Buffer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stable().Clone()
}

// Cell returns a copy of one cell.
func (s *Screen) Cell(x, y int) uv.Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.stable().CellAt(x, y); c != nil {
		return *c
	}
	return uv.Cell{}
}

// Find returns the cell position of the first occurrence of text in one row.
func (s *Screen) Find(text string) (x, y int, ok bool) {
	for y, l := range s.Lines() {
		if before, _, found := strings.Cut(l, text); found {
			return ansi.StringWidthWc(before), y, true
		}
	}
	return 0, 0, false
}

// State is everything about the screen that is not a cell.
type State struct {
	X, Y                       int
	CursorVisible              bool
	AltScreen                  bool
	Sync                       bool
	Mouse, Focus, Paste        bool
	Title, Clipboard, Progress string
	Frames                     int
	Unknown                    []string
}

// State returns a copy of the current state.
func (s *Screen) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return State{
		X: s.x, Y: s.y, CursorVisible: s.modes[25], AltScreen: s.buf == s.alt, Sync: s.modes[2026],
		Mouse: s.modes[1000] || s.modes[1002] || s.modes[1003], Focus: s.modes[1004], Paste: s.modes[2004],
		Title: s.title, Clipboard: s.clipboard, Progress: s.progress, Frames: s.frames, Unknown: s.unknown,
	}
}
