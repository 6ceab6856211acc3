package monitor

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow/query"
)

type entry struct {
	id    string
	group int
	name  string
	at    time.Time
}

func (e *entry) SearchText(b []byte) []byte { return append(b, e.name...) }

func (e *entry) Column(name string) (query.Value, bool) {
	switch name {
	case "group":
		return query.Value{Kind: query.Number, Number: float64(e.group)}, true
	case "at":
		return query.Value{Kind: query.Time, Time: e.at}, true
	}
	return query.Value{}, false
}

func newEntries() Index[string, *entry] {
	return newIndex(func(e *entry) string { return e.id }, nil, 0, false,
		byNumber("group", func(e *entry) int64 { return int64(e.group) }),
		byNumber("at", func(e *entry) int64 { return nanoseconds(e.at) }),
	)
}

func day() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func parse(t interface{ Fatal(args ...any) }, text string, columns ...string) query.Query {
	q, err := query.Parse(text, columns...)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// naive is what the index must show: all rows filtered and sorted from scratch.
func naive(all map[string]*entry, q query.Query, column string, descending bool, now time.Time) []string {
	var rows []*entry
	for _, e := range all {
		if q.Match(e, now) {
			rows = append(rows, e)
		}
	}
	slices.SortFunc(rows, func(a, b *entry) int {
		c := cmp.Compare(a.group, b.group)
		if column == "at" {
			c = a.at.Compare(b.at)
		}
		if descending {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.id, b.id))
	})
	ids := make([]string, len(rows))
	for i, e := range rows {
		ids[i] = e.id
	}
	return ids
}

// TestIndexEqualsSortingAnew: after any sequence of changes, sorts and filters
// the view is what filtering and sorting everything gives.
func TestIndexEqualsSortingAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		index := newEntries()
		all := map[string]*entry{}
		filter, column, descending := query.Query{}, "group", false
		id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("%03d", rapid.IntRange(0, 150).Draw(t, "id")) })
		put := func(t *rapid.T) {
			e := &entry{
				id: id.Draw(t, "id"), group: rapid.IntRange(0, 4).Draw(t, "group"),
				name: rapid.SampledFrom([]string{"burger", "pizza", "sushi"}).Draw(t, "name"),
				at:   day().Add(-time.Duration(rapid.IntRange(0, 9).Draw(t, "age")) * time.Minute),
			}
			all[e.id] = e
			index.put(e)
		}
		t.Repeat(map[string]func(*rapid.T){
			"put one": put,
			"put many": func(t *rapid.T) {
				for range rapid.IntRange(0, 90).Draw(t, "n") {
					put(t)
				}
			},
			"remove": func(t *rapid.T) {
				key := id.Draw(t, "id")
				delete(all, key)
				index.remove(key)
			},
			"sort": func(t *rapid.T) {
				index.flush(day())
				column = rapid.SampledFrom([]string{"group", "at"}).Draw(t, "column")
				descending = rapid.Bool().Draw(t, "descending")
				index.SetSort(column, descending)
			},
			"filter": func(t *rapid.T) {
				index.flush(day())
				filter = parse(t, rapid.SampledFrom([]string{"", "burger", "!burger", "group:>2", "at:<5m"}).Draw(t, "filter"), "group", "at")
				index.SetFilter(filter, day())
			},
			"": func(t *rapid.T) {
				index.flush(day())
				want := naive(all, filter, column, descending, day())
				var got []string
				for i := range index.Len() {
					got = append(got, index.At(i).id)
					if at := index.Find(index.At(i).id); at != i {
						t.Fatalf("Find(%s) = %d, want %d", index.At(i).id, at, i)
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("view %v, want %v", got, want)
				}
				if index.Total() != len(all) {
					t.Fatalf("Total = %d, want %d", index.Total(), len(all))
				}
			},
		})
	})
}

func TestIndexFilterByAgeFollowsTheClock(t *testing.T) {
	t.Parallel()
	index := newEntries()
	index.put(&entry{id: "a", at: day()})
	index.flush(day())
	index.SetFilter(parse(t, "at:<1m", "at"), day())
	if index.Len() != 1 {
		t.Fatal("a fresh row is not shown")
	}
	index.tick(day().Add(500 * time.Millisecond))
	index.tick(day().Add(2 * time.Minute))
	if index.Len() != 0 {
		t.Fatal("a row that is too old by now is still shown")
	}
}

func TestIndexOfUnknown(t *testing.T) {
	t.Parallel()
	index := newEntries()
	index.put(&entry{id: "a", name: "burger"})
	index.flush(day())
	index.SetFilter(parse(t, "pizza"), day())
	if at := index.Find("a"); at != -1 {
		t.Errorf("Find of a row that is filtered out = %d", at)
	}
	if at := index.Find("b"); at != -1 {
		t.Errorf("Find of no row = %d", at)
	}
	if _, ok := index.Get("a"); !ok {
		t.Error("Get does not find a row that is filtered out")
	}
	index.SetSort("no such column", true)
	if column, descending := index.Sort(); column != "group" || descending {
		t.Errorf("sorted by %s, %v", column, descending)
	}
}

func TestRowsHandedOutStayAsTheyWere(t *testing.T) {
	t.Parallel()
	index := newEntries()
	index.put(&entry{id: "a", name: "before"})
	index.flush(day())
	before := index.At(0)
	index.put(&entry{id: "a", name: "after"})
	index.flush(day())
	if before.name != "before" || index.At(0).name != "after" {
		t.Errorf("before %q, now %q", before.name, index.At(0).name)
	}
}
