package action

import tea "charm.land/bubbletea/v2"

// Calm is embedded by a screen for what it has nothing to say to: it keeps its
// place when it is left, has no step to go back, nothing to type and nothing
// that moves with time.
type Calm struct{}

// Show does nothing when the screen comes into view.
func (Calm) Show(Open) tea.Cmd { return nil }

// Hide does nothing when the screen is left.
func (Calm) Hide() tea.Cmd { return nil }

// Refresh does nothing: everything is drawn from the store.
func (Calm) Refresh() {}

// Back tells that there is no step back inside the screen.
func (Calm) Back() bool { return false }

// Typing tells that no keys go into a text.
func (Calm) Typing() bool { return false }

// Cursor tells that there is no text cursor.
func (Calm) Cursor() *tea.Cursor { return nil }

// Moving tells that nothing changes with time alone.
func (Calm) Moving() bool { return false }
