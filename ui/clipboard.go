package ui

import (
	"context"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/text"
)

// clipboardPatience bounds how long a clipboard tool may take.
const clipboardPatience = 2 * time.Second

// copy puts text on the clipboard by the terminal (OSC 52), which also reaches
// through SSH, and by the desktop's own tool where there is one: not every
// terminal obeys.
func (m *Model) copy(msg action.Copy) tea.Cmd {
	m.inform("copied " + msg.What)
	what := copied(msg)
	if m.options.Clipboard == nil {
		return tea.SetClipboard(what)
	}
	parent, clipboard := m.world.Context, m.options.Clipboard
	return tea.Batch(tea.SetClipboard(what), func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, clipboardPatience)
		defer cancel()
		_ = clipboard(ctx, what) // the terminal has it
		return nil
	})
}

// copied is what goes on the clipboard.
func copied(msg action.Copy) string {
	if len(msg.IDs) == 0 {
		return msg.Text
	}
	lines := make([]string, len(msg.IDs))
	for i, id := range msg.IDs {
		lines[i] = text.Clean(id)
	}
	return strings.Join(lines, "\n")
}

// DesktopClipboard is the clipboard of the desktop that this program runs on,
// nil when it has none: over SSH, the desktop is another machine's.
func DesktopClipboard(system string, getenv func(string) string, find func(string) (string, error)) func(context.Context, string) error {
	if getenv("SSH_TTY") != "" || getenv("SSH_CONNECTION") != "" {
		return nil
	}
	var tools [][]string
	if system == "darwin" {
		tools = append(tools, []string{"pbcopy"})
	}
	if getenv("WAYLAND_DISPLAY") != "" {
		tools = append(tools, []string{"wl-copy"})
	}
	if getenv("DISPLAY") != "" {
		tools = append(tools, []string{"xclip", "-selection", "clipboard"}, []string{"xsel", "--clipboard", "--input"})
	}
	if getenv("WSL_DISTRO_NAME") != "" {
		tools = append(tools, []string{"clip.exe"})
	}
	for _, tool := range tools {
		path, err := find(tool[0])
		if err != nil {
			continue
		}
		return func(ctx context.Context, text string) error {
			cmd := exec.CommandContext(ctx, path, tool[1:]...) //nolint:gosec // one of the tools above
			cmd.Stdin = strings.NewReader(text)
			return cmd.Run()
		}
	}
	return nil
}
