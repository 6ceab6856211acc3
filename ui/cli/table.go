package cli

import (
	"slices"
	"strings"
	"time"

	"orderops/config"
	"orderops/ui/text"
	"orderops/ui/theme"
)

// column is one column of a table.
type column struct {
	name string
	// whole cells are never cut: half an id or half a time is of no use.
	whole bool
	// gives is how early the column is left out where the terminal is too narrow:
	// the highest first, 0 never.
	gives int
	// painted cells have the colour of the status that they say.
	painted bool
}

const (
	// gap is between two columns.
	gap = 2
	// narrowest is how far a column is cut before others are left out for it, and
	// leastCell how far when none can be left out any more.
	narrowest, leastCell = 12, 4
	// liveWidth is how wide most columns of a live table begin: its rows are not known
	// yet.
	liveWidth = 12
)

// table prints rows in columns: at once when it is live, else at its end. In a
// terminal it is as wide as that; what goes into a pipe is never cut.
type table struct {
	p       *program
	columns []column
	rows    [][]string
	live    bool
	// widths are those of the columns; 0 is left out.
	widths []int
	paint  func(theme.Tone, string) string
	status *theme.Theme
}

func (p *program) table(columns []column, live bool) *table {
	t := &table{p: p, columns: columns, paint: p.painter(), status: theme.New(true, false)}
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = strings.ToUpper(c.name)
	}
	if live {
		t.begin([][]string{head}, true)
	}
	t.add(head)
	return t
}

// begin settles the widths of what is printed from now on.
func (t *table) begin(rows [][]string, unknown bool) {
	t.live = true
	t.widths = make([]int, len(t.columns))
	for _, row := range rows {
		for i, cell := range row {
			t.widths[i] = max(1, t.widths[i], text.Width(text.Clean(cell)))
		}
	}
	if unknown {
		for i := range t.widths {
			t.widths[i] = max(t.widths[i], usualWidth(t.columns[i]))
		}
	}
	if wide := t.p.outWidth(); wide > 0 {
		t.widths = fit(t.columns, t.widths, wide)
	}
}

// usualWidth is how wide a column of a live table begins.
func usualWidth(c column) int {
	switch c.name {
	case "time", "started", "stopped", "submitted", "created", "sent":
		return len(time.DateTime)
	case "order", "message":
		return len("00000000-0000-0000-0000-000000000000")
	case "took", "id", "line":
		return len("30.001")
	}
	return liveWidth
}

// outWidth is how many cells the terminal has in a line; 0 when the output is no terminal.
func (p *program) outWidth() int {
	if !p.streams.OutTerminal || p.streams.OutSize == nil {
		return 0
	}
	width, _ := p.streams.OutSize()
	return width
}

func (t *table) add(cells []string) {
	if !t.live {
		t.rows = append(t.rows, cells)
		return
	}
	t.write(cells)
}

// flush prints what was held back; what follows is printed at once.
func (t *table) flush() {
	if t.live {
		return
	}
	t.begin(t.rows, false)
	for _, row := range t.rows {
		t.write(row)
	}
	t.rows = nil
}

// end prints what was held back, and tells what had no room.
func (t *table) end() {
	t.flush()
	var left []string
	for i, c := range t.columns {
		if t.widths[i] == 0 {
			left = append(left, c.name)
		}
	}
	if len(left) > 0 {
		t.p.say("the terminal is too narrow for %s: choose with --columns", strings.Join(left, ", "))
	}
}

func (t *table) write(cells []string) {
	p := t.p
	cut := p.outWidth() > 0
	var line strings.Builder
	for i, cell := range cells {
		if t.widths[i] == 0 {
			continue
		}
		cell = text.Clean(cell)
		if !cut {
			t.widths[i] = max(t.widths[i], text.Width(cell))
		}
		padded := text.Pad(cell, t.widths[i])
		if t.columns[i].painted {
			_, tone := t.status.Status(cell)
			padded = t.paint(tone, padded)
		}
		line.WriteString(padded + text.Space(gap))
	}
	p.print("%s\n", strings.TrimRight(line.String(), " "))
}

// fit makes columns fit into so many cells: first the widest are cut, then some
// are left out, then all are cut.
func fit(columns []column, widths []int, cells int) []int {
	fitted := slices.Clone(widths)
	shrink(columns, fitted, cells, narrowest)
	for total(fitted) > cells {
		out := -1
		for i, c := range columns {
			if fitted[i] > 0 && c.gives > 0 && (out < 0 || c.gives >= columns[out].gives) {
				out = i
			}
		}
		if out < 0 {
			break
		}
		fitted[out] = 0
		// What was cut for it gets the room back.
		for i, w := range fitted {
			if w > 0 {
				fitted[i] = widths[i]
			}
		}
		shrink(columns, fitted, cells, narrowest)
	}
	shrink(columns, fitted, cells, leastCell)
	shrink(nil, fitted, cells, 1)
	return fitted
}

// shrink takes from the widest columns, until all fit or none is wider than least.
// Without columns it takes from whole ones as well.
func shrink(columns []column, widths []int, cells, least int) {
	for over := total(widths) - cells; over > 0; over-- {
		widest := -1
		for i, w := range widths {
			if w > least && (columns == nil || !columns[i].whole) && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

// total is how many cells columns take, the gaps between them included.
func total(widths []int) int {
	sum := 0
	for _, w := range widths {
		if w > 0 {
			sum += w + gap
		}
	}
	return max(0, sum-gap)
}

// painter paints what is printed, in the colours of the theme, or by default in
// those of the terminal; not at all when nobody wants or sees colours.
func (p *program) painter() func(theme.Tone, string) string {
	none, _ := p.actions.Environment("NO_COLOR")
	kind, _ := p.actions.Environment("TERM")
	switch {
	case !p.streams.OutTerminal || none != "" || kind == "dumb" || kind == "":
		return func(_ theme.Tone, s string) string { return s }
	case p.settings.Theme == config.ThemeDark || p.settings.Theme == config.ThemeLight:
		return theme.New(p.settings.Theme == config.ThemeDark, true).Paint
	}
	return paintPlainly
}

// paintPlainly paints in the terminal's own colours, which suit its background.
func paintPlainly(tone theme.Tone, s string) string {
	codes := map[theme.Tone]string{theme.Good: "32", theme.Bad: "31", theme.Warn: "33", theme.Info: "36", theme.Dim: "2"}
	code, ok := codes[tone]
	if !ok {
		return s
	}
	return "\x1b[" + code + "m" + s + theme.Close
}
