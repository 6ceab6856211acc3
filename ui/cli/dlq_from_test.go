package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in   string
		want []string // ids, with the body behind a blank where there is one
		err  string
	}{
		"ids":                {"a-1\n\n  b-2 \r\n", []string{"a-1", "b-2"}, ""},
		"objects":            {`{"message":"a","body":"x"}` + "\n" + `{"message":"b","body":null}`, []string{"a x", "b"}, ""},
		"base64":             {`{"message":"a","body_base64":"AP8="}`, []string{"a \x00\xff"}, ""},
		"an indented object": {"{\n \"message\": \"a\"\n}\n", []string{"a"}, ""},
		"an array":           {` [{"message":"a"},"b",["c"]]`, []string{"a", "b", "c"}, ""},
		"texts, as of jq":    {"\"a\"\n\"b\"\n", []string{"a", "b"}, ""},
		"nothing":            {" \n", nil, ""},
		"no message":         {`{"order":"a"}`, nil, `document 1: it has no member "message"`},
		"a number":           {`{"message":1}`, nil, "document 1"},
		"torn":               {`{"message":"a"}` + "\n{\"mess", []string{"a"}, "document 2"},
		"a table":            {"VERDICT  MESSAGE\nsafe  a\n", nil, "line 1 is no message id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := readNamed(strings.NewReader(test.in), func(n named) error {
				body, err := n.body()
				text := string(n.Message)
				if body != nil {
					text += " " + string(body)
				}
				got = append(got, text)
				return err
			})
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("got %v, want %q", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzReadNamed: whatever is piped in, it ends without a panic, and names no
// empty message.
func FuzzReadNamed(f *testing.F) {
	for _, seed := range []string{"a\nb", `{"message":"a","body":"x"}`, `["a",{"message":"b"}]`, "{", "\"", "[[[[", "null"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		_ = readNamed(strings.NewReader(in), func(n named) error {
			if n.Message == "" {
				t.Error("an empty message was named")
			}
			return nil
		})
	})
}
