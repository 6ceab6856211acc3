package vtscreen

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
)

// ultraviolet issue 137: rows repeated or blank inside a scrolled region.
func TestHardScrollRepeatedRows(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"blank", "dup", "divider"} {
		for _, tail := range []int{0, 3} {
			var buf bytes.Buffer
			tr := uv.NewTerminalRenderer(&buf, []string{"TERM=xterm-256color"})
			tr.SetScrollOptim(true)
			tr.SetFullscreen(true)
			tr.SetRelativeCursor(false)
			tr.Resize(80, 24)
			tr.Erase()
			sb := uv.NewScreenBuffer(80, 24)
			s := New(80, 24, nil, Replies{})
			for off := range 40 {
				var ls []string
				for i := range 24 - tail {
					n := i + off
					switch {
					case n%3 == 2 && kind == "blank":
						ls = append(ls, "")
					case n%3 == 2 && kind == "dup":
						ls = append(ls, "│ same label │")
					case n%3 == 2:
						ls = append(ls, strings.Repeat("─", 60))
					default:
						ls = append(ls, fmt.Sprintf("item number %03d in the list", n))
					}
				}
				for range tail {
					ls = append(ls, "status line stays")
				}
				sb.Clear()
				uv.NewStyledString(strings.Join(ls, "\n")).Draw(sb, sb.Bounds())
				tr.Render(sb.RenderBuffer)
				flush(tr)
				write(t, s, buf.Bytes())
				buf.Reset()
				if n := diff(t, s.Lines(), lines(sb.Buffer)); n > 0 {
					t.Fatalf("%s tail %d offset %d: %d stale rows", kind, tail, off, n)
				}
			}
		}
	}
}
