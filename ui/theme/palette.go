package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// New makes the theme for a dark or light background. Without colour only
// bold, faint, underline and reverse are used.
func New(dark, colour bool) *Theme {
	s := lipgloss.NewStyle()
	t := &Theme{
		Text: s, Dim: s.Faint(true), Strong: s.Bold(true), Accent: s.Bold(true),
		Good: s, Bad: s.Bold(true), Warn: s.Bold(true), Info: s,
		Title: s.Bold(true), Key: s.Bold(true),
		Border: s, BorderFocused: s.Bold(true),
		Selected: s.Reverse(true), Marked: s.Bold(true), Input: s.Underline(true),
		Local: s.Reverse(true), ReadOnly: s.Reverse(true), Production: s.Reverse(true).Bold(true),
	}
	if colour {
		t.paint(lipgloss.LightDark(dark))
	}
	t.prepare()
	return t
}

// paint adds the colours. Each pair is light first; all keep a contrast of at
// least 4.5 to 1 against white and near-black.
func (t *Theme) paint(pick lipgloss.LightDarkFunc) {
	c := func(light, dark string) color.Color { return pick(lipgloss.Color(light), lipgloss.Color(dark)) }
	s := lipgloss.NewStyle()
	paper := c("#ffffff", "#1a1b26")

	t.Dim = s.Foreground(c("#636878", "#8d93ab"))
	t.Strong = s.Bold(true)
	t.Accent = s.Foreground(c("#7a3ea8", "#c7a0f5"))
	t.Good = s.Foreground(c("#257a3a", "#8fce7a"))
	t.Bad = s.Foreground(c("#b3261e", "#ff8080"))
	t.Warn = s.Foreground(c("#8a5a00", "#e8b75c"))
	t.Info = s.Foreground(c("#1d5fb4", "#7fb2ff"))
	t.Title = s.Bold(true)
	t.Key = s.Foreground(c("#7a3ea8", "#c7a0f5"))
	t.Border = s.Foreground(c("#868b9e", "#5b6078"))
	t.BorderFocused = s.Foreground(c("#7a3ea8", "#c7a0f5"))
	t.Selected = s.Background(c("#d7e3f7", "#2f3b5c")).Foreground(c("#10131c", "#f2f4fb")).Bold(true)
	t.Marked = s.Foreground(c("#7a3ea8", "#c7a0f5")).Bold(true)
	t.Input = s.Background(c("#eceef4", "#2a2c3b")).Foreground(c("#10131c", "#f2f4fb"))
	t.Local = s.Background(c("#257a3a", "#8fce7a")).Foreground(paper).Bold(true)
	t.ReadOnly = s.Background(c("#8a5a00", "#e8b75c")).Foreground(paper).Bold(true)
	t.Production = s.Background(c("#b3261e", "#ff8080")).Foreground(paper).Bold(true)
}
