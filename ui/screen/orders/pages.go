package orders

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// pages are what was read of the orders table, page by page.
type pages struct {
	// size is how large the table is; nil when that is not known.
	size *workflow.TableSize
	// next is the token of the next page, read how many have been.
	next string
	read int
	// units are the read units of all pages, last those of the newest.
	units, last float64
}

// whole tells that there is nothing more to read.
func (p *pages) whole() bool { return p.read > 0 && p.next == "" }

// olderAction reads a page of the table, on demand only: it costs read units of
// a table that production works on.
func (s *Screen) olderAction() action.Action {
	a := action.Action{
		Binding: keys.New("read older orders", "p"), Title: "read a page of older orders from the table, newest first where it has the index by day",
		Unavailable: s.world.NotConnected(),
	}
	if a.Unavailable == "" && s.pages.whole() {
		a.Unavailable = "the whole table has been read"
	}
	a.Run = s.readPage
	if s.pages.read == 0 { // before the first page it is said what pages cost
		a.Run = s.readSize
	}
	return a
}

// tableSized is how large the table is.
type tableSized struct {
	size workflow.TableSize
	err  error
}

func (s *Screen) readSize() tea.Cmd {
	size := s.world.TableSize
	return s.world.Do(func(ctx context.Context) tea.Msg {
		told, err := size(ctx)
		return tableSized{told, err}
	})
}

// takeSize says what a page costs, and asks whether to read it.
func (s *Screen) takeSize(told tableSized) tea.Cmd {
	ask := action.Explain{Title: "Read older orders", Verb: "read a page", Then: s.readPage()}
	add := func(label, words string) { ask.Facts = append(ask.Facts, operation.Fact{Label: label, Text: words}) }
	s.pages.size = nil
	if told.err != nil {
		add("table", s.world.Deployment.Table+", how large is not known: "+action.Headline(told.err))
		add("a page", fmt.Sprintf("up to %d rows, for %.0f read units at most", action.PageRows, workflow.MostPageUnits()))
	} else {
		s.pages.size = &told.size
		add("table", fmt.Sprintf("%s, about %s rows as DynamoDB counted last: it counts every six hours", s.world.Deployment.Table, text.Count(int(told.size.Rows))))
		order := "in no order: the table has no index by day"
		if told.size.ByDay {
			order = "the newest first, by the index by day"
		}
		add("a page", fmt.Sprintf("up to %d rows, %s", action.PageRows, order))
		costs := fmt.Sprintf("about %.1f read units at most", told.size.PageUnits(action.PageRows))
		if whole := told.size.WholeUnits(); whole > told.size.PageUnits(action.PageRows) {
			costs += fmt.Sprintf("; the whole table about %.1f", whole)
		}
		add("costs", costs)
	}
	add("then", s.world.Key("orders.read-older")+" reads on without asking. Above the list stands what the last page has cost.")
	return action.Send(ask)
}

// pageRead is one page.
type pageRead struct {
	rows  []workflow.Row
	next  string
	units float64
}

func (s *Screen) readPage() tea.Cmd {
	read, token := s.world.ReadPage, s.pages.next
	return s.world.Do(func(ctx context.Context) tea.Msg {
		rows, next, units, err := read(ctx, token)
		if err != nil {
			return action.Say{Err: err}
		}
		return pageRead{rows, next, units}
	})
}

func (s *Screen) takePage(page pageRead) tea.Cmd {
	p := &s.pages
	p.next, p.last = page.next, page.units
	p.read++
	p.units += page.units
	return action.Send(action.Done{
		Changes: []monitor.Change{monitor.RowsPage{Rows: page.rows, At: s.world.Now}},
		Say:     fmt.Sprintf("read %d rows for %.1f read units", len(page.rows), page.units),
	})
}

// pagesNote says how much of the table is shown, and what the next page costs.
func (s *Screen) pagesNote() string {
	p := &s.pages
	if p.read == 0 {
		return ""
	}
	shown := 0
	for _, n := range s.world.Store.Counts().Rows {
		shown += n
	}
	note := "showing " + text.Count(shown)
	switch {
	case p.whole():
		return note + fmt.Sprintf(", all rows of the table (%.1f read units)", p.units)
	case p.size != nil:
		note += " of about " + text.Count(max(shown, int(p.size.Rows)))
	default:
		note += " rows"
	}
	return note + fmt.Sprintf(" (%s: %d more, about %.1f read units)", s.world.Key("orders.read-older"), action.PageRows, p.last)
}
