package text_test

import (
	"strings"
	"testing"
	"time"

	"orderops/ui/text"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{text.Count(0), "0"},
		{text.Count(999), "999"},
		{text.Count(2412), "2,412"},
		{text.Count(-1234567), "-1,234,567"},
		{text.Age(-time.Second), "0 s"},
		{text.Age(59 * time.Second), "59 s"},
		{text.Age(12*time.Minute + 5*time.Second), "12 m"},
		{text.Age(3*time.Hour + 20*time.Minute), "3 h 20 m"},
		{text.Age(2 * time.Hour), "2 h"},
		{text.Age(13*24*time.Hour + 21*time.Hour), "13 d 21 h"},
		{text.Duration(0), "0 ms"},
		{text.Duration(300 * time.Microsecond), "300 µs"},
		{text.Duration(84 * time.Millisecond), "84 ms"},
		{text.Duration(12_449 * time.Millisecond), "12.4 s"},
		{text.Duration(59_990 * time.Millisecond), "59.9 s"},
		{text.Duration(200 * time.Second), "3 m 20 s"},
		{text.Duration(-time.Second), "-1.0 s"},
		{text.Clock(time.Time{}), "–"},
		{text.Clock(time.Date(2026, 11, 23, 12, 4, 31, 0, time.Local)), "12:04:31"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"order and numbers stay", `{"z":1.50,"a":[1,{}]}`, "{|  \"z\": 1.50,|  \"a\": [|    1,|    {}|  ]|}"},
		{"controls inside strings", "{\"a\":\"x\u009b\u202e\"}", "{|  \"a\": \"x\\u009b\\u202e\"|}"},
		{"not JSON", "{oops\n", "{oops|"},
		{"empty", "", ""},
		{"too deep", strings.Repeat("[", 101) + strings.Repeat("]", 101), strings.Repeat("[", 101) + strings.Repeat("]", 101)},
		{"brackets in a string", `["` + strings.Repeat("[", 101) + `\"[",1]`, "[|  \"" + strings.Repeat("[", 101) + `\"[",|  1|]`},
	} {
		if got := strings.Join(text.JSON(c.in), "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"data":{"user_id":"Burger_20"}}`)
	f.Add("{\"a\":\"\u009b\"}")
	f.Add("\xff\x1b")
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range text.JSON(s) {
			if r, ok := safe(l); !ok {
				t.Fatalf("JSON(%q) keeps %U", s, r)
			}
		}
	})
}

func TestBytes(t *testing.T) {
	t.Parallel()
	got := text.Bytes([]byte("0123456789abcdef\x1b\xff"))
	want := "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n" +
		"00000010  1b ff                                             .."
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
