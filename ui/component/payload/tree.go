package payload

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/input"
	"orderops/ui/component/pane"
	"orderops/ui/keys"
	"orderops/ui/theme"
)

// Document is one root of a tree.
type Document struct {
	Name string
	// Text is JSON, or any other text.
	Text string
	// Folded tells that only its name is shown until it is opened.
	Folded bool
}

// Tree shows documents as trees whose branches can be folded, with a search. It
// belongs to one goroutine.
type Tree struct {
	theme *theme.Theme
	keys  keys.Map
	w, h  int

	documents []Document
	branches  []branch
	// folds are the paths that the operator has folded (true) or opened (false),
	// over all documents that were shown.
	folds map[string]bool
	// rows are what is in view when everything is unfolded that is not folded.
	rows   []part
	laidAt int // width that rows were made for; 0 is stale
	cursor int // index of a branch
	scroll pane.Scroll

	search  input.Input
	typing  bool
	matches []int // indices of branches, ascending
}

// part is a piece of a branch that fits the width: bytes of its value.
type part struct{ branch, from, to int }

// NewTree makes an empty tree.
func NewTree(th *theme.Theme) *Tree {
	t := &Tree{theme: th, keys: keys.Global(), folds: map[string]bool{}}
	t.search.Placeholder = "a key or a value"
	return t
}

// SetTheme changes the styles.
func (t *Tree) SetTheme(th *theme.Theme) { t.theme = th }

// SetSize sets the size in cells.
func (t *Tree) SetSize(w, h int) {
	if w != t.w {
		t.laidAt = 0
	}
	t.w, t.h = max(w, 0), max(h, 0)
}

// Set shows other documents. What was folded stays folded where it appears
// again, and the cursor stays on its path.
func (t *Tree) Set(documents ...Document) {
	if slices.Equal(documents, t.documents) {
		return
	}
	was := ""
	if t.cursor < len(t.branches) {
		was = t.branches[t.cursor].path
	}
	t.documents, t.branches, t.cursor, t.laidAt = documents, t.branches[:0:0], 0, 0
	named := map[string]int{}
	folded := map[int]bool{} // by index of a branch
	for _, d := range documents {
		path := d.Name
		if named[d.Name]++; named[d.Name] > 1 {
			path += "\x00" + strconv.Itoa(named[d.Name])
		}
		folded[len(t.branches)] = d.Folded
		t.branches = append(t.branches, plant(path, d.Name, d.Text)...)
	}
	for i := range t.branches {
		b := &t.branches[i]
		if said, ok := t.folds[b.path]; ok {
			b.folded = said
		} else {
			b.folded = folded[i] && b.children >= 0
		}
		if b.path == was {
			t.cursor = i
		}
	}
	if t.branch(t.cursor).path != was {
		t.scroll.Top = 0
	}
	t.find()
}

// branch is branch i, or an empty one.
func (t *Tree) branch(i int) branch {
	if i < 0 || i >= len(t.branches) {
		return branch{}
	}
	return t.branches[i]
}

// Selected is the member under the cursor as it was written, and its key.
func (t *Tree) Selected() (key, raw string) {
	b := t.branch(t.cursor)
	return b.key, b.raw
}

// Typing tells that keys go into the search.
func (t *Tree) Typing() bool { return t.typing }

// StartSearch puts the cursor into the search.
func (t *Tree) StartSearch() { t.typing = true }

// ClearSearch takes the search away; false when there was none.
func (t *Tree) ClearSearch() bool {
	if !t.typing && t.search.Value() == "" {
		return false
	}
	t.typing = false
	t.search.SetValue("")
	t.find()
	return true
}

// Update handles moving, folding and searching, and says whether it used msg.
func (t *Tree) Update(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		return t.typing && t.typed(msg)
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			t.move(-3)
		case tea.MouseWheelDown:
			t.move(3)
		default:
			return false
		}
		return true
	case tea.MouseClickMsg:
		return t.click(msg.Y)
	case tea.KeyPressMsg:
		if t.typing {
			return t.typed(msg)
		}
		return t.key(msg)
	}
	return false
}

// typed takes a key or a paste into the search: enter goes to the next match and
// leaves the line, esc takes the search away.
func (t *Tree) typed(msg tea.Msg) bool {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch {
		case t.keys.Back.Match(key):
			return t.ClearSearch()
		case t.keys.Open.Match(key):
			t.typing = false
			return true
		}
	}
	before := t.search.Value()
	used := t.search.Update(msg)
	if t.search.Value() != before {
		t.find()
		t.reveal(t.cursor)
		if !slices.Contains(t.matches, t.cursor) {
			t.NextMatch()
		}
	}
	return used
}

func (t *Tree) key(msg tea.KeyPressMsg) bool {
	page := max(t.h-1, 1)
	switch k := &t.keys; {
	case k.Up.Match(msg):
		t.move(-1)
	case k.Down.Match(msg):
		t.move(1)
	case k.PageUp.Match(msg):
		t.move(-page)
	case k.PageDown.Match(msg):
		t.move(page)
	case k.HalfUp.Match(msg):
		t.move(-page / 2)
	case k.HalfDown.Match(msg):
		t.move(page / 2)
	case k.Top.Match(msg):
		t.move(-len(t.branches))
	case k.Bottom.Match(msg):
		t.move(len(t.branches))
	case k.Open.Match(msg) && len(t.matches) > 0:
		t.NextMatch()
	case k.Open.Match(msg), k.Mark.Match(msg):
		t.fold(t.cursor, !t.branch(t.cursor).folded)
	case msg.String() == "-":
		t.foldAll(true)
	case msg.String() == "+":
		t.foldAll(false)
	default:
		return false
	}
	return true
}

// click moves the cursor to a line; a second click there folds.
func (t *Tree) click(y int) bool {
	rows := t.layout()
	i := t.scroll.Top + y
	if y < 0 || i >= len(rows) {
		return false
	}
	if at := rows[i].branch; at != t.cursor {
		t.cursor = at
	} else {
		t.fold(at, !t.branches[at].folded)
	}
	return true
}

// move moves the cursor by n lines, from branch to branch.
func (t *Tree) move(n int) {
	rows := t.layout()
	if len(rows) == 0 {
		return
	}
	at := max(0, min(t.line()+n, len(rows)-1))
	if n > 0 && rows[at].branch == t.cursor && at < len(rows)-1 { // a long value: on to its end, then to the next
		for at < len(rows)-1 && rows[at].branch == t.cursor {
			at++
		}
	}
	t.cursor = rows[at].branch
	t.scroll.Show(t.line(), len(rows), t.h)
}

// line is the first line of the branch under the cursor.
func (t *Tree) line() int {
	return max(0, slices.IndexFunc(t.layout(), func(p part) bool { return p.branch == t.cursor }))
}

// fold folds a branch, or opens it; the cursor comes out of what is folded.
func (t *Tree) fold(i int, folded bool) {
	if t.branch(i).children < 0 || i >= len(t.branches) {
		return
	}
	b := &t.branches[i]
	b.folded, t.folds[b.path], t.laidAt = folded, folded, 0
	if folded && t.cursor > i && t.cursor <= i+b.inside {
		t.cursor = i
	}
}

func (t *Tree) foldAll(folded bool) {
	for i := range t.branches {
		if t.branches[i].depth > 0 || !folded {
			t.fold(i, folded)
		}
	}
}

// reveal opens everything around a branch.
func (t *Tree) reveal(i int) {
	for j := range min(i, len(t.branches)) {
		if t.branches[j].folded && i <= j+t.branches[j].inside {
			t.fold(j, false)
		}
	}
	t.scroll.Show(t.line(), len(t.layout()), t.h)
}

// find looks for the search in every key and value, folded ones too.
func (t *Tree) find() {
	t.matches = nil
	want := strings.ToLower(t.search.Value())
	if want == "" {
		return
	}
	for i, b := range t.branches {
		if strings.Contains(strings.ToLower(b.key), want) || b.children < 0 && strings.Contains(strings.ToLower(b.value), want) {
			t.matches = append(t.matches, i)
		}
	}
}

// NextMatch moves the cursor to the next match; behind the last comes the first.
func (t *Tree) NextMatch() {
	if len(t.matches) == 0 {
		return
	}
	next := slices.IndexFunc(t.matches, func(i int) bool { return i > t.cursor })
	t.cursor = t.matches[max(next, 0)]
	t.reveal(t.cursor)
}
