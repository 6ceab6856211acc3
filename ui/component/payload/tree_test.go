package payload_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/payload"
	"orderops/ui/theme"
)

const document = `{"user_id":"Burger_20","paymentOutEvent":{"status":"ok","list":[1,{"a":null}]},"none":{},"quantity":"3"}`

func tree(w, h int, documents ...payload.Document) *payload.Tree {
	t := payload.NewTree(theme.New(true, false))
	t.SetSize(w, h)
	t.Set(documents...)
	return t
}

func pressTree(t *payload.Tree, keys ...string) {
	for _, k := range keys {
		switch k {
		case "enter":
			t.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
		case "esc":
			t.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
		default:
			t.Update(tea.KeyPressMsg{Code: []rune(k)[0], Text: k})
		}
	}
}

func treeShows(t *testing.T, tr *payload.Tree, want string) {
	t.Helper()
	lines := strings.Split(ansi.Strip(tr.View()), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ┃")
	}
	got := strings.TrimRight(strings.Join(lines, "\n"), "\n")
	if want = strings.TrimRight(strings.ReplaceAll(want, "\n\t\t", "\n"), "\n\t"); "\n"+got != want {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	treeShows(t, tree(40, 20, payload.Document{Name: "input", Text: document}, payload.Document{Name: "cause", Text: "two\nlines"}), `
		input ▾
		  user_id   "Burger_20"
		  paymentOutEvent ▾
		    status  "ok"
		    list ▾
		      0  1
		      1 ▾
		        a  null
		  none ▾ empty
		  quantity  "3"
		cause ▾
		  two
		  lines`)
}

func TestFolding(t *testing.T) {
	t.Parallel()
	tr := tree(40, 20, payload.Document{Name: "input", Text: document})
	pressTree(tr, "j", "j", "enter")
	folded := `
		input ▾
		  user_id   "Burger_20"
		  paymentOutEvent ▸ 2 fields
		  none ▾ empty
		  quantity  "3"`
	treeShows(t, tr, folded)
	if key, raw := tr.Selected(); key != "paymentOutEvent" || raw != `{"status":"ok","list":[1,{"a":null}]}` {
		t.Errorf("selected %s %s", key, raw)
	}
	// Another document with the same member keeps it folded, and the cursor on it.
	tr.Set(payload.Document{Name: "input", Text: `{"more":true,"paymentOutEvent":{"status":"error"}}`})
	treeShows(t, tr, `
		input ▾
		  more  true
		  paymentOutEvent ▸ 1 field`)
	pressTree(tr, "+")
	treeShows(t, tr, `
		input ▾
		  more  true
		  paymentOutEvent ▾
		    status  "error"`)
	pressTree(tr, "-")
	if key, _ := tr.Selected(); key != "paymentOutEvent" {
		t.Errorf("the cursor is on %s", key)
	}
}

func TestSearchOpensWhatIsFolded(t *testing.T) {
	t.Parallel()
	tr := tree(40, 9, payload.Document{Name: "input", Text: document})
	pressTree(tr, "-")
	tr.StartSearch()
	pressTree(tr, "N", "U", "L")
	if key, _ := tr.Selected(); key != "a" {
		t.Errorf("the search stopped at %s", key)
	}
	if view := ansi.Strip(tr.View()); !strings.Contains(view, "a  null") || !strings.Contains(view, "1 of 1") {
		t.Errorf("got\n%s", view)
	}
	pressTree(tr, "esc")
	tr.StartSearch()
	pressTree(tr, "s", "t", "a", "t", "u", "s", "enter")
	if tr.Typing() {
		t.Error("enter did not leave the search")
	}
	if key, _ := tr.Selected(); key != "status" {
		t.Errorf("the search stopped at %s", key)
	}
	if !tr.ClearSearch() || tr.ClearSearch() {
		t.Error("the search is taken away once")
	}
}

func TestLongValuesAreWrapped(t *testing.T) {
	t.Parallel()
	tr := tree(20, 6, payload.Document{Name: "in", Text: `{"k":"0123456789abcdefghij","l":1}`})
	treeShows(t, tr, `
		in ▾
		  k  "0123456789abc
		     defghij"
		  l  1`)
	pressTree(tr, "j", "j")
	if key, _ := tr.Selected(); key != "l" {
		t.Errorf("two steps down is %s", key)
	}
}

func BenchmarkTree(b *testing.B) {
	tr := tree(100, 40, payload.Document{Name: "input", Text: "[" + strings.TrimSuffix(strings.Repeat(document+",", 2500), ",") + "]"}) // 256 KiB
	pressTree(tr, "G")
	for b.Loop() {
		tr.View()
	}
}
