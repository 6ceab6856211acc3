package asl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = `{"a":{"b":[{"c":1.0},{"c":2},{"d":"x"}],"c":null},"it's":true,"ö":[[1],[2]],"Test\\\"\"":"quoted"}`

// TestPathFinds evaluates paths; a missing place is told in the words recorded on AWS.
func TestPathFinds(t *testing.T) {
	t.Parallel()
	document, err := parseDocument(sample)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		`$`:                     sample,
		`$.a.c`:                 `null`,
		`$.a.b[0].c`:            `1.0`,
		`$.a.b[-1].d`:           `"x"`,
		`$['a']["b"][1]['c']`:   `2`,
		`$['it\'s']`:            `true`,
		`$['Test\""']`:          `"quoted"`,
		`$.ö[1][0]`:             `2`,
		`$.a.b[*].c`:            `[1.0,2]`,
		`$.a.b[:1]`:             `[{"c":1.0}]`,
		`$.a.b[1:]`:             `[{"c":2},{"d":"x"}]`,
		`$.a.b[-1:]`:            `[{"d":"x"}]`,
		`$.a.b[9:]`:             `[]`,
		`$.nothing[*].c`:        `[]`,
		`$.no.such.result.path`: `Missing property in path $['no']`,
		`$.no`:                  `No results for path: $['no']`,
		`$.a.b[3]`:              `No results for path: $['a']['b'][3]`,
		`$.a.c.d`:               `No results for path: $['a']['c']['d']`,
	} {
		p, err := parsePath(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		got, err := p.find(document.value)
		text := encode(got)
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("%s = %s, want %s", path, text, want)
		}
	}
}

// TestPathRefused lists what is no path, or none that we evaluate.
func TestPathRefused(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		``, `a`, `$.`, `$..`, `$..c`, `$..[0]`, `$[`, `$[]`, `$[x]`, `$['a`, `$['a'`, `$.a b`, `$.a,`, `$a`, `$$a`, `$.[0]`, `$.a[?(@.b==1)]`,
		`$.a.length()`, `$[0,1]`, `$[0,'a']`, `$['a','b']`, `$[1:x]`, `$[99999999999999999999]`, `$.a$`,
	} {
		if p, err := parsePath(path); err == nil {
			t.Errorf("%q is taken as %+v", path, p)
		}
	}
}

// TestPathPuts writes results into inputs, as ResultPath does.
func TestPathPuts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, into, want string }{
		{`$`, `{"a":1}`, `9`},
		{`$.b`, `{"z":1,"a":2}`, `{"z":1,"a":2,"b":9}`},
		{`$.z`, `{"z":1,"a":2}`, `{"z":9,"a":2}`},
		{`$.a.b.c`, `{"a":{"x":1}}`, `{"a":{"x":1,"b":{"c":9}}}`},
		{`$.a.b`, `{"a":"text"}`, errNoPlace.Error()},
		{`$.a`, `[1]`, errNoPlace.Error()},
	} {
		p, err := parsePath(c.path)
		if err != nil {
			t.Fatal(err)
		}
		root, err := parseJSON(c.into)
		if err != nil {
			t.Fatal(err)
		}
		v, err := put(p.steps, root, number(9))
		got := encode(v)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s into %s = %s, want %s", c.path, c.into, got, c.want)
		}
		if after := encode(root); after != c.into {
			t.Errorf("the input became %s", after)
		}
	}
}

// FuzzPath: no path and document panics, and a definite path that was found
// can be written to when it is a reference.
func FuzzPath(f *testing.F) {
	for _, path := range []string{`$`, `$$.a`, `$.a.b[0].c`, `$['it\'s']`, `$.a.b[-1:]`, `$[*].*`, `$['ö']`, `$.a[?(@.b)]`, `$['`, `$["\`} {
		f.Add(path, sample)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		p, err := parsePath(text)
		if err != nil {
			return
		}
		root, err := parseJSON(document)
		if err != nil {
			return
		}
		before := encode(root)
		if _, err := p.find(root); err != nil || !p.reference() {
			return
		}
		changed, err := put(p.steps, root, "new")
		if err != nil {
			t.Fatalf("%s was found in %s but can't be written: %v", text, document, err)
		}
		if got, err := p.find(changed); err != nil || got != "new" {
			t.Errorf("%s holds %v, %v after writing", text, got, err)
		}
		if diff := cmp.Diff(before, encode(root)); diff != "" {
			t.Errorf("the document was changed: %s", diff)
		}
	})
}
