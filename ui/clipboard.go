package ui

import (
	"context"
	"os/exec"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/ui/text"
)

// clipboardPatience bounds how long a clipboard tool may take.
const clipboardPatience = 2 * time.Second

// copy puts text on the clipboard by the terminal (OSC 52), which also reaches
// through SSH, and by a tool of the desktop or of tmux where there is one: not
// every terminal obeys.
func (m *Model) copy(msg action.Copy) tea.Cmd {
	m.inform("copied " + msg.What)
	what := copied(msg)
	byTerminal := tea.SetClipboard(what)
	if m.options.Screen {
		byTerminal = tea.Raw(throughScreen(what))
	}
	if m.options.Clipboard == nil {
		return byTerminal
	}
	parent, clipboard := m.world.Context, m.options.Clipboard
	return tea.Batch(byTerminal, func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, clipboardPatience)
		defer cancel()
		_ = clipboard(ctx, what) // the terminal has it
		return nil
	})
}

// screenString is how many bytes GNU Screen passes through at once: 768, less what
// it takes to wrap them.
const screenString = 760

// throughScreen is OSC 52 as it gets through GNU Screen.
func throughScreen(what string) string {
	return ansi.ScreenPassthrough(ansi.SetSystemClipboard(what), screenString)
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

// DesktopClipboard is the clipboard of the desktop that this program runs on, or
// tmux's, which hands it on to its own terminal; nil when there is neither: over
// SSH, the desktop is another machine's.
func DesktopClipboard(system string, getenv func(string) string, find func(string) (string, error)) func(context.Context, string) error {
	distant := getenv("SSH_TTY") != "" || getenv("SSH_CONNECTION") != ""
	var tools [][]string
	if !distant && system == "darwin" {
		tools = append(tools, []string{"pbcopy"})
	}
	if !distant && getenv("WAYLAND_DISPLAY") != "" {
		tools = append(tools, []string{"wl-copy"})
	}
	if !distant && getenv("DISPLAY") != "" {
		tools = append(tools, []string{"xclip", "-selection", "clipboard"}, []string{"xsel", "--clipboard", "--input"})
	}
	if !distant && getenv("WSL_DISTRO_NAME") != "" {
		tools = append(tools, []string{"clip.exe"})
	}
	if getenv("TMUX") != "" { // it ignores OSC 52 of programs, unless set-clipboard is on
		tools = append(tools, []string{"tmux", "load-buffer", "-w", "-"})
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
