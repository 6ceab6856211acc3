// Package palette lists commands and finds them as one types.
package palette

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"orderops/ui/component/input"
	"orderops/ui/component/pane"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// Item is one command.
type Item struct {
	// ID comes back when the item is chosen.
	ID string
	// Title says what it does; it is searched.
	Title string
	// Keys is its shortcut, as shown.
	Keys string
	// Disabled says why it can't be used now; empty means it can.
	Disabled string
}

// Outcome is what came of a message.
type Outcome int

// The outcomes.
const (
	Pending Outcome = iota
	Cancelled
	Chosen
)

// Palette is an open list of commands. It belongs to one goroutine.
type Palette struct {
	theme  *theme.Theme
	title  string
	kind   string // what is listed, as in "type a command"
	items  []Item
	found  []found
	input  *input.Input
	index  int
	scroll pane.Scroll
	rows   int // in the last View
	x      int // of the cursor in the last View
	nagged bool
}

// found is a matching item and which bytes of its title matched.
type found struct {
	item  int
	bytes []int
}

// New opens a palette with every command listed, usable ones first.
func New(th *theme.Theme, items []Item) *Palette { return NewOf(th, "Commands", "command", items) }

// NewOf opens a palette of something else; kind is what one of it is called.
func NewOf(th *theme.Theme, title, kind string, items []Item) *Palette {
	p := &Palette{theme: th, title: title, kind: kind, items: slices.Clone(items), input: &input.Input{Placeholder: "type a " + kind}}
	for i := range p.items {
		p.items[i].Title = text.Clean(p.items[i].Title)
	}
	p.search()
	return p
}

// titles lets the fuzzy search read the items.
type titles []Item

func (t titles) String(i int) string { return t[i].Title }
func (t titles) Len() int            { return len(t) }

// search lists the matches, best first; disabled ones come last, since a reason
// is not what one is looking for.
func (p *Palette) search() {
	p.index, p.scroll.Top, p.nagged = 0, 0, false
	p.found = p.found[:0]
	if q := strings.TrimSpace(p.input.Value()); q == "" {
		for i := range p.items {
			p.found = append(p.found, found{item: i})
		}
	} else {
		for _, m := range fuzzy.FindFrom(q, titles(p.items)) {
			p.found = append(p.found, found{item: m.Index, bytes: m.MatchedIndexes})
		}
	}
	slices.SortStableFunc(p.found, func(a, b found) int {
		return cmp.Compare(p.disabled(a), p.disabled(b))
	})
}

func (p *Palette) disabled(f found) int {
	if p.items[f.item].Disabled != "" {
		return 1
	}
	return 0
}

// Update handles typing, up, down, enter and esc. Enter chooses exactly what is
// highlighted; on a disabled item it does nothing.
func (p *Palette) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return p.key(msg)
	case tea.PasteMsg:
		p.input.Update(msg)
		p.search()
	case tea.MouseClickMsg:
		i := msg.Y - 3 + p.scroll.Top
		if msg.Y >= 3 && msg.Y < 3+p.rows && i < len(p.found) {
			p.index = i
			return p.choose()
		}
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			p.move(-1)
		} else {
			p.move(1)
		}
	}
	return Pending
}

func (p *Palette) key(msg tea.KeyPressMsg) Outcome {
	switch msg.String() {
	case "esc":
		return Cancelled
	case "enter":
		return p.choose()
	case "up", "ctrl+p", "shift+tab":
		p.move(-1)
	case "down", "ctrl+n", "tab":
		p.move(1)
	case "pgup":
		p.move(-max(p.rows, 1))
	case "pgdown":
		p.move(max(p.rows, 1))
	default:
		before := p.input.Value()
		if p.input.Update(msg) && p.input.Value() != before {
			p.search()
		}
	}
	return Pending
}

func (p *Palette) move(n int) {
	p.index = max(min(p.index+n, len(p.found)-1), 0)
	p.nagged = false
}

func (p *Palette) choose() Outcome {
	item, ok := p.Selected()
	if !ok {
		return Pending
	}
	if item.Disabled != "" {
		p.nagged = true
		return Pending
	}
	return Chosen
}

// Selected is the highlighted item; false when nothing matches.
func (p *Palette) Selected() (Item, bool) {
	if p.index >= len(p.found) {
		return Item{}, false
	}
	return p.items[p.found[p.index].item], true
}

// Cursor is the place of the text cursor within the last View.
func (p *Palette) Cursor() *tea.Cursor { return tea.NewCursor(p.x, 1) }
