package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/dialog"
	"orderops/ui/component/help"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// The least size that the screens are made for.
const (
	leastWidth  = 80
	leastHeight = 24
)

// Lines of the frame: context, tabs, the screen, keys.
const (
	tabsLine = 1
	bodyTop  = 2
	footer   = 1
)

func (m *Model) small() bool { return m.width < leastWidth || m.height < leastHeight }

// layout gives the screens the size that the frame leaves them.
func (m *Model) layout() {
	if m.small() {
		return
	}
	for _, s := range m.screens {
		s.SetSize(m.width, m.height-bodyTop-footer)
	}
	m.current().Refresh()
}

// View draws the frame round the screen, and what lies on top.
func (m *Model) View() tea.View {
	v := tea.NewView(m.picture())
	v.AltScreen = true
	v.ReportFocus = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "orderops"
	if name := m.world.Deployment.Stack; name != "" {
		v.WindowTitle = "orderops · " + text.Clean(name)
	}
	v.Cursor = m.cursor()
	return v
}

func (m *Model) picture() string {
	if m.width == 0 || m.height == 0 {
		return ""
	}
	if m.small() {
		return m.tooSmall()
	}
	base := pane.Stack(m.header(), m.tabs(), m.body(), m.foot())
	if m.overlay == nil {
		return base
	}
	box := m.overlay.View(m.width-4, m.height-2)
	return dialog.Overlay(base, box, m.width, m.height)
}

func (m *Model) tooSmall() string {
	lines := make([]string, m.height)
	said := []string{
		fmt.Sprintf("orderops needs %d×%d", leastWidth, leastHeight),
		fmt.Sprintf("this terminal is %d×%d", m.width, m.height),
		"ctrl+c leaves",
	}
	for i, line := range said {
		if at := max(0, m.height/2-1) + i; at < m.height {
			lines[at] = text.Centre(line, m.width)
		}
	}
	return pane.Block(lines, m.width, m.height)
}

// body is the screen, or why there is nothing to show yet.
func (m *Model) body() string {
	h := m.height - bodyTop - footer
	if m.problem == nil || m.connecting {
		return m.current().View()
	}
	var lines []string
	for fact := range strings.SplitSeq(action.Story(m.problem), "\n") {
		lines = append(lines, "")
		for _, line := range text.Wrap(text.Clean(fact), m.width-4) {
			lines = append(lines, " "+line)
		}
	}
	lines = append(lines, "", m.theme.Paint(theme.Dim, " "+m.world.Key("refresh")+" tries again · "+m.world.Key("quit")+" quits"))
	return pane.Frame(m.theme, "Not connected", "", lines, m.width, h, true)
}

// header is the line of context: what is looked at, how fresh, what may be done.
func (m *Model) header() string {
	d := m.world.Deployment
	where := cmp.Or(m.options.Context, d.Stack, "orders")
	var parts []string
	switch {
	case m.connection == nil && m.connecting:
		parts = []string{"connecting …"}
	case m.connection == nil:
		parts = []string{"not connected"}
	default:
		parts = []string{where, d.Region}
		if !m.options.Local {
			parts = append(parts, d.Account)
		}
		if d.Endpoint != "" && !m.options.Local {
			parts = append(parts, d.Endpoint)
		}
	}
	left := m.theme.Paint(theme.Title, " orderops ") + " " + text.Clean(strings.Join(parts, " · "))
	right := m.vitals() + m.badges()
	return spread(left, right, m.width)
}

// vitals are the budget and how old the picture is.
func (m *Model) vitals() string {
	if m.connection == nil {
		return ""
	}
	share := m.connection.Usage.Share()
	budget := fmt.Sprintf("budget %.0f %%", share*100)
	tone := theme.Dim
	if share > 0.9 {
		tone = theme.Warn
	}
	vitals := m.theme.Paint(tone, budget) + "  "
	_, freshness := m.store.Queue(monitor.OrderQueue)
	if n := m.toasts.Unread(); n > 0 {
		vitals = m.theme.Paint(theme.Bad, fmt.Sprintf("%d unread ! ", n)) + " " + vitals
	}
	if !m.paused.IsZero() {
		return vitals + m.theme.Paint(theme.Warn, "PAUSED since "+text.Clock(m.paused))
	}
	switch freshness.Condition() {
	case monitor.Loading:
		return vitals + m.theme.Paint(theme.Dim, "loading …")
	case monitor.Current:
		return vitals + m.theme.Paint(theme.Dim, "as of "+text.Clock(freshness.ReadAt))
	case monitor.Stale:
		return vitals + m.theme.Paint(theme.Warn, "stale since "+text.Clock(freshness.ReadAt))
	case monitor.NoPermission:
		return vitals + m.theme.Paint(theme.Bad, "no permission")
	case monitor.Failing:
	}
	return vitals + m.theme.Paint(theme.Bad, "no answer")
}

func (m *Model) badges() string {
	badges := "  "
	if m.options.Local {
		badges += m.theme.Paint(theme.Local, " LOCAL ")
	}
	guard := m.world.Guard.State()
	if guard.ReadOnly {
		badges += m.theme.Paint(theme.ReadOnly, " READ-ONLY ")
	}
	if guard.Production {
		badges += m.theme.Paint(theme.Production, " PRODUCTION · "+m.lock(guard)+" ")
	}
	if badges == "  " && m.connection != nil {
		badges += m.theme.Paint(theme.Production, " LIVE ")
	}
	return badges
}

// lock says whether production is locked, or how long it is open.
func (m *Model) lock(guard workflow.GuardState) string {
	switch {
	case guard.ReadOnly, guard.OpenUntil.IsZero():
		return "locked"
	}
	return "open " + text.Age(guard.OpenUntil.Sub(m.world.Now))
}

// tabs are the six screens, each with the count that makes one look there.
func (m *Model) tabs() string {
	line := []string{" "}
	for _, s := range m.order() {
		line = append(line, m.tab(s))
	}
	return text.Pad(strings.Join(line, ""), m.width)
}

func (m *Model) tab(s action.Screen) string {
	label := fmt.Sprintf(" %s %s%s ", text.Clean(m.shown(m.screenKeys()[s-1]).Name()), s.Name(), m.tabCount(s))
	switch {
	case s == m.open:
		return m.theme.Paint(theme.Selected, label)
	case s == action.DeadLetters && m.tabCount(s) != "":
		return m.theme.Paint(theme.Bad, label)
	}
	return m.theme.Paint(theme.Dim, label)
}

func (m *Model) tabCount(s action.Screen) string {
	if s != action.DeadLetters {
		return ""
	}
	queue, _ := m.store.Queue(monitor.DeadLetterQueue)
	if n := queue.Total(); n > 0 {
		return " " + text.Count(n)
	}
	return ""
}

func (m *Model) tabAt(x int) (action.Screen, bool) {
	at := 1
	for _, s := range m.order() {
		w := text.Width(m.tab(s))
		if x >= at && x < at+w {
			return s, true
		}
		at += w
	}
	return 0, false
}

// foot is the toast while there is one, else the keys that apply here.
func (m *Model) foot() string {
	if line := m.toasts.View(m.theme, m.world.Now, m.width); line != "" {
		return line
	}
	return help.Line(m.theme, m.keyLine(), m.width)
}

func (m *Model) keyLine() []keys.Binding {
	var line []keys.Binding
	for _, a := range m.current().Actions() {
		if !a.Quiet && m.unavailable(a) == "" {
			line = append(line, m.shown(a.Binding))
		}
	}
	if !m.current().Typing() {
		line = append(line, m.shown(m.keys.Palette), m.shown(m.keys.Quit))
	}
	return append(line, m.shown(m.keys.Help))
}

func (m *Model) helpSections() []keys.Section {
	var here []keys.Binding
	for _, a := range m.current().Actions() {
		b := m.shown(a.Binding)
		if why := m.unavailable(a); why != "" {
			b.Help += " (not now: " + why + ")"
		}
		here = append(here, b)
	}
	sections := m.keys.Sections()
	for _, s := range sections {
		for i, b := range s.Bindings {
			s.Bindings[i] = m.shown(b)
		}
	}
	if len(here) > 0 {
		sections = append([]keys.Section{{Title: m.open.Name(), Bindings: here}}, sections...)
	}
	return sections
}

// shown is a binding with the operator's own keys.
func (m *Model) shown(b keys.Binding) keys.Binding {
	if m.current().Typing() {
		return b // what is typed is nobody's own
	}
	return m.options.Keys.Shown(m.open.Place(), b)
}

func (m *Model) screenKeys() []keys.Binding {
	return []keys.Binding{m.keys.Screen1, m.keys.Screen2, m.keys.Screen3, m.keys.Screen4, m.keys.Screen5, m.keys.Screen6}
}

// cursor is where the terminal's own cursor stands; nil hides it.
func (m *Model) cursor() *tea.Cursor {
	if m.small() {
		return nil
	}
	if m.overlay != nil {
		c := m.overlay.Cursor()
		if c == nil {
			return nil
		}
		x, y := dialog.Origin(m.overlay.View(m.width-4, m.height-2), m.width, m.height)
		moved := *c
		moved.X, moved.Y = c.X+x, c.Y+y
		return &moved
	}
	c := m.current().Cursor()
	if c == nil {
		return nil
	}
	moved := *c
	moved.Y += bodyTop
	return &moved
}

// wake keeps the one timer running that is needed next.
func (m *Model) wake() tea.Cmd {
	next := time.Duration(0)
	sooner := func(d time.Duration) {
		if d > 0 && (next == 0 || d < next) {
			next = d
		}
	}
	if m.connection != nil && !m.leaving && m.paused.IsZero() {
		sooner(m.schedule.Next(m.world.Now, m.interest()))
	}
	if m.focused && m.paused.IsZero() && m.current().Moving() {
		sooner(time.Second)
	}
	if m.toasts.Visible(m.world.Now) {
		sooner(time.Second)
	}
	if next == 0 {
		return nil
	}
	return m.clock.wake(m.world.Now, next)
}

func spread(left, right string, w int) string {
	room := w - text.Width(right) - 2
	return text.Pad(left, room) + " " + right + " "
}
