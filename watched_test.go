package main

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// watched is the dashboard with every frame checked: exactly h lines of exactly
// w cells, and nothing that a terminal would take for a command.
type watched struct {
	tea.Model

	mu     sync.Mutex
	w, h   int
	frames int
	last   string
	right  map[string]bool // lines of the last frame, which were found to be right
	faults []string
}

// Update notes the size, and stands still while the machine naps.
func (m *watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		m.mu.Lock()
		m.w, m.h, m.right = size.Width, size.Height, nil
		m.mu.Unlock()
	}
	if length, ok := msg.(nap); ok {
		time.Sleep(time.Duration(length))
		return m, nil
	}
	next, cmd := m.Model.Update(msg)
	m.Model = next
	return m, cmd
}

// View checks the frame.
func (m *watched) View() tea.View {
	v := m.Model.View()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = v.Content
	if m.w > 0 && m.h > 0 && len(m.faults) < 5 {
		m.frames++
		if fault := m.misdrawn(v); fault != "" {
			m.faults = append(m.faults, fault+"\n"+ansi.Strip(v.Content))
		}
	}
	return v
}

// drawn is the newest frame.
func (m *watched) drawn() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last
}

func (m *watched) report(t *testing.T) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fault := range m.faults {
		t.Error(fault)
	}
	if m.frames == 0 {
		t.Error("no frame was drawn")
	}
}

var styling = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// misdrawn says what is wrong with a frame; "" when nothing is.
func (m *watched) misdrawn(v tea.View) string {
	w, h := m.w, m.h
	lines := strings.Split(v.Content, "\n")
	if len(lines) != h {
		return fmt.Sprintf("%d lines instead of %d", len(lines), h)
	}
	before := m.right
	m.right = make(map[string]bool, h)
	for y, line := range lines {
		if before[line] {
			m.right[line] = true
			continue
		}
		plain := styling.ReplaceAllString(line, "")
		if got := ansi.StringWidth(plain); got != w {
			return fmt.Sprintf("line %d has %d cells instead of %d: %q", y, got, w, plain)
		}
		for _, r := range plain {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				return fmt.Sprintf("line %d has %U: %q", y, r, plain)
			}
		}
		m.right[line] = true
	}
	if c := v.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
		return fmt.Sprintf("the cursor is at %d,%d of %d×%d", c.X, c.Y, w, h)
	}
	return ""
}
