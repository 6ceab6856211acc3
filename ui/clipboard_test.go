package ui

import (
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orderops/ui/action"
)

// An id is anybody's text, and is pasted into shells: it is one line there, and
// obeyed by nobody.
func TestCopiedIDsAreObeyedByNoShell(t *testing.T) {
	t.Parallel()
	got := copied(action.Copy{IDs: []string{"x\nrm -rf ~\n", "\x1b[201~reboot\r", "plain"}})
	if want := "x⏎rm -rf ~⏎\n" + `\x1b[201~reboot⏎` + "\nplain"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if body := copied(action.Copy{Text: "as\nit\x1bis"}); body != "as\nit\x1bis" {
		t.Errorf("a body became %q", body)
	}
}

func TestDesktopClipboard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		system string
		env    map[string]string
		tools  []string // that are installed
		used   string
	}{
		"macOS":          {"darwin", nil, []string{"pbcopy"}, "pbcopy"},
		"wayland":        {"linux", map[string]string{"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, []string{"xclip", "wl-copy"}, "wl-copy"},
		"no wl-copy":     {"linux", map[string]string{"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, []string{"xsel"}, "xsel"},
		"windows":        {"linux", map[string]string{"WSL_DISTRO_NAME": "Debian"}, []string{"clip.exe"}, "clip.exe"},
		"over SSH":       {"linux", map[string]string{"SSH_TTY": "/dev/pts/1", "DISPLAY": ":10"}, []string{"xclip"}, ""},
		"tmux":           {"linux", map[string]string{"TMUX": "socket,1,0"}, []string{"tmux", "xclip"}, "tmux"},
		"tmux by SSH":    {"linux", map[string]string{"TMUX": "socket,1,0", "SSH_TTY": "/dev/pts/1", "DISPLAY": ":10"}, []string{"tmux", "xclip"}, "tmux"},
		"desktop's tmux": {"linux", map[string]string{"TMUX": "socket,1,0", "DISPLAY": ":0"}, []string{"tmux", "xclip"}, "xclip"},
		"no desktop":     {"linux", nil, []string{"xclip", "wl-copy"}, ""},
		"none installed": {"linux", map[string]string{"DISPLAY": ":0"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			used := ""
			clipboard := DesktopClipboard(c.system, func(name string) string { return c.env[name] }, func(tool string) (string, error) {
				if !slices.Contains(c.tools, tool) {
					return "", errors.New("not installed")
				}
				used = tool
				return tool, nil
			})
			if used != c.used || (clipboard == nil) != (c.used == "") {
				t.Errorf("uses %q, want %q", used, c.used)
			}
		})
	}
}

// The tool reads the text from its input: here a shell, which does what it reads.
func TestDesktopClipboardGetsTheText(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	file := filepath.Join(t.TempDir(), "got")
	clipboard := DesktopClipboard("darwin", func(string) string { return "" }, func(string) (string, error) { return shell, nil })
	if err := clipboard(t.Context(), "echo an id >"+file); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); string(got) != "an id\n" {
		t.Errorf("copied %q, %v", got, err)
	}
}

// GNU Screen takes OSC 52 for its own and drops it; what is wrapped it hands on,
// 768 bytes at a time.
func TestClipboardGetsThroughScreen(t *testing.T) {
	t.Parallel()
	what := strings.Repeat("an id\n", 400)
	sent := throughScreen(what)
	handedOn := ""
	for part := range strings.SplitSeq(strings.TrimSuffix(sent, "\x1b\\"), "\x1b\\") {
		inner, wrapped := strings.CutPrefix(part, "\x1bP")
		if !wrapped || len(part)+2 > 768 {
			t.Fatalf("a part of %d bytes: %q", len(part)+2, part)
		}
		handedOn += inner
	}
	if want := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(what)) + "\x07"; handedOn != want {
		t.Errorf("the terminal gets %q", handedOn)
	}
}
