package table_test

import (
	"fmt"
	"strconv"
	"testing"

	"orderops/ui/component/table"
	"orderops/ui/theme"
)

// many is a long list that costs nothing to make.
type many int

func (m many) Len() int        { return int(m) }
func (m many) ID(i int) string { return strconv.Itoa(i) }

func (m many) Find(id string) int {
	i, err := strconv.Atoi(id)
	if err != nil {
		return -1
	}
	return i
}

func (m many) Cells(_ int, dst []table.Cell) []table.Cell {
	return append(dst,
		table.Cell{Text: "✓", Tone: theme.Good}, table.Cell{Text: "7c1e4a90f3b24d11", Tone: theme.Dim}, table.Cell{Text: "Burger_20"},
		table.Cell{Text: "Restaurant 4"}, table.Cell{Text: "3"}, table.Cell{Text: "12 m", Tone: theme.Dim}, table.Cell{Text: "31.4 s"},
		table.Cell{Text: "could not contact payment processor", Tone: theme.Bad})
}

func BenchmarkView(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tab := table.New(theme.New(true, true), []table.Column{
				{Min: 1},
				{Title: "id", Min: 16},
				{Title: "user", Min: 12, Weight: 1},
				{Title: "restaurant", Min: 14, Weight: 1},
				{Title: "n", Min: 3, Right: true},
				{Title: "age", Min: 8},
				{Title: "took", Min: 8},
				{Title: "cause", Min: 20, Weight: 2},
			})
			tab.SetSize(190, 51)
			tab.SetRows(many(n))
			b.ReportAllocs()
			for b.Loop() {
				tab.Refresh()
				tab.View()
			}
		})
	}
}

func BenchmarkMove(b *testing.B) {
	tab := table.New(theme.New(true, true), columns())
	tab.SetSize(190, 51)
	tab.SetRows(many(100_000))
	msg := key("down")
	for b.Loop() {
		tab.Update(msg)
	}
}
