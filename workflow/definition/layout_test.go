package definition_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"orderops/workflow/definition"
)

// faults lists what is wrong with a layout: boxes that overlap, lines that do
// not connect, that run through a box, or that can't be told apart.
func faults(l *definition.Layout) []string {
	var list []string
	boxes := map[string]definition.Box{}
	for i, a := range l.Boxes {
		boxes[a.State.Name] = a
		if a.X < 0 || a.Y < 0 || a.X+a.W > l.W || a.Y+a.H > l.H {
			list = append(list, fmt.Sprintf("%s stands outside of %d×%d: %+v", a.State.Name, l.W, l.H, a))
		}
		for _, b := range l.Boxes[:i] {
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H && !within(a, b) {
				list = append(list, fmt.Sprintf("%s overlaps %s", a.State.Name, b.State.Name))
			}
		}
	}
	owner := map[cell]definition.Line{}
	for _, line := range l.Lines {
		from, to := boxes[line.From], boxes[line.To]
		first, last := line.Points[0], line.Points[len(line.Points)-1]
		if first.Y != from.Y+from.H-1 || first.X < from.X || first.X >= from.X+from.W {
			list = append(list, fmt.Sprintf("%s → %s begins at %v, off its box", line.From, line.To, first))
		}
		if last.Y != to.Y || last.X < to.X || last.X >= to.X+to.W {
			list = append(list, fmt.Sprintf("%s → %s ends at %v, off its box", line.From, line.To, last))
		}
		list = append(list, walk(l, line, owner)...)
	}
	for _, label := range l.Labels {
		if label.X < 0 || label.W < 1 || label.X+label.W > l.W || label.Y < 0 || label.Y >= l.H {
			list = append(list, fmt.Sprintf("the label %q stands outside: %+v", label.Text, label))
		}
		for _, b := range l.Boxes {
			if _, inside := boxes[label.From]; inside && label.Y >= b.Y && label.Y < b.Y+b.H && label.X < b.X+b.W && b.X < label.X+label.W && !within(boxes[label.From], b) {
				list = append(list, fmt.Sprintf("the label %q lies on %s", label.Text, b.State.Name))
			}
		}
	}
	return list
}

// within tells whether a stands inside the frame of b.
func within(a, b definition.Box) bool {
	return a.X > b.X && a.Y > b.Y && a.X+a.W < b.X+b.W && a.Y+a.H < b.Y+b.H
}

// cell is a place of a line that runs sideways or not.
type cell struct {
	definition.Point
	sideways bool
}

// walk follows a line cell by cell.
func walk(l *definition.Layout, line definition.Line, owner map[cell]definition.Line) []string {
	var list []string
	name := line.From + " → " + line.To
	for i := 1; i < len(line.Points); i++ {
		a, b := line.Points[i-1], line.Points[i]
		if a.X != b.X && a.Y != b.Y || a == b {
			return append(list, fmt.Sprintf("%s goes from %v to %v", name, a, b))
		}
		dx, dy := sign(b.X-a.X), sign(b.Y-a.Y)
		for p := a; ; p.X, p.Y = p.X+dx, p.Y+dy {
			if p.X < 0 || p.Y < 0 || p.X >= l.W || p.Y >= l.H {
				return append(list, fmt.Sprintf("%s leaves the picture at %v", name, p))
			}
			list = append(list, through(l, line, p)...)
			at := cell{p, dx != 0}
			if other, taken := owner[at]; taken && !related(line, other) && !hidden(l, p) {
				return append(list, fmt.Sprintf("%s runs along %s → %s at %v", name, other.From, other.To, p))
			}
			owner[at] = line
			if p == b {
				break
			}
		}
	}
	return list
}

// hidden tells that the text of a frameless box covers a cell.
func hidden(l *definition.Layout, p definition.Point) bool {
	return slices.ContainsFunc(l.Boxes, func(b definition.Box) bool {
		return b.Frameless && p.Y == b.Y && p.X >= b.X && p.X < b.X+b.W
	})
}

// related lines may share a part of their way.
func related(a, b definition.Line) bool {
	return a.To == b.To || a.From == b.From && (a.Kind == definition.Catch) == (b.Kind == definition.Catch)
}

func through(l *definition.Layout, line definition.Line, p definition.Point) []string {
	for _, b := range l.Boxes {
		inside := p.X >= b.X && p.X < b.X+b.W && p.Y >= b.Y && p.Y < b.Y+b.H
		around := p.X > b.X && p.X < b.X+b.W-1 && p.Y > b.Y && p.Y < b.Y+b.H-1 && len(b.State.Children) > 0
		if inside && !around && b.State.Name != line.From && b.State.Name != line.To {
			return []string{fmt.Sprintf("%s → %s runs through %s at %v", line.From, line.To, b.State.Name, p)}
		}
	}
	return nil
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// machines are definitions of any shape: choices, catches, loops, branches.
func machines() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		n := 0
		return machineText(t, 0, &n)
	})
}

func machineText(t *rapid.T, depth int, count *int) string {
	size := rapid.IntRange(1, 9-3*depth).Draw(t, "states")
	names := make([]string, size)
	for i := range names {
		*count++
		names[i] = fmt.Sprintf("S%d%s", *count, strings.Repeat("x", rapid.IntRange(0, 12).Draw(t, "length")))
	}
	one := rapid.SampledFrom(names)
	states := map[string]object{}
	for _, name := range names {
		s := object{"Type": rapid.SampledFrom([]string{"Task", "Choice", "Wait", "Pass", "Fail", "Parallel"}).Draw(t, "type")}
		switch s["Type"] {
		case "Choice":
			var rules []object
			for range rapid.IntRange(0, 4).Draw(t, "rules") {
				rules = append(rules, object{"Variable": "$.a", "StringEquals": "b", "Next": one.Draw(t, "next")})
			}
			s["Choices"], s["Default"] = rules, one.Draw(t, "default")
		case "Fail":
		case "Parallel":
			if depth < 2 {
				var branches []json.RawMessage
				for range rapid.IntRange(0, 3).Draw(t, "branches") {
					branches = append(branches, json.RawMessage(machineText(t, depth+1, count)))
				}
				s["Branches"] = branches
			}
			fallthrough
		default:
			if rapid.Bool().Draw(t, "ends") {
				s["End"] = true
			} else {
				s["Next"] = one.Draw(t, "next")
			}
			var catches []object
			for range rapid.IntRange(0, 2).Draw(t, "catches") {
				catches = append(catches, object{"ErrorEquals": []string{"States.ALL"}, "Next": one.Draw(t, "handler")})
			}
			s["Catch"] = catches
			if rapid.Bool().Draw(t, "retries") {
				s["Retry"] = []object{{"ErrorEquals": []string{"States.ALL"}}}
			}
		}
		states[name] = s
	}
	text, err := json.Marshal(object{"StartAt": names[0], "States": states})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

type object = map[string]any

func TestLayoutOfAnyMachine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := machines().Draw(t, "machine")
		m, err := definition.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		l := definition.Arrange(m, utf8.RuneCountInString)
		if l == nil || len(l.Boxes) != m.Size() {
			t.Fatalf("%d states are not all laid out: %+v", m.Size(), l)
		}
		if list := faults(l); len(list) > 0 {
			t.Fatalf("%s\n%s", strings.Join(list, "\n"), text)
		}
	})
}

// recorded are the definitions that were run against AWS, by file; none where
// they are not at hand.
func recorded(t *testing.T) map[string][]byte {
	t.Helper()
	folder := os.Getenv("ORDEROPS_RECORDED")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "aws-recorded")
	}
	root := filepath.Join(folder, "asl-strict-json")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no recordings at hand: ORDEROPS_RECORDED names their folder")
	}
	texts := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		texts[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestLayoutOfRecordedDefinitions(t *testing.T) {
	t.Parallel()
	texts := recorded(t)
	if len(texts) < 150 {
		t.Fatalf("only %d definitions", len(texts))
	}
	for path, text := range texts {
		m, err := definition.Parse(text)
		if strings.HasSuffix(path, "invalid_der.json") {
			if err == nil {
				t.Errorf("%s has no states, and is read", path)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		l := definition.Arrange(m, utf8.RuneCountInString)
		if l == nil || len(l.Boxes) != m.Size() {
			t.Errorf("%s: %d states are not all laid out", path, m.Size())
			continue
		}
		for _, fault := range faults(l) {
			t.Errorf("%s: %s", path, fault)
		}
	}
}
