package orderfile_test

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
	"orderops/workflow/orderfile"
)

const burger = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`

// outcome is an order or a mistake in one line of text.
func outcomes(t *testing.T, content string, format orderfile.Format) []string {
	t.Helper()
	var all []string
	for order, err := range orderfile.Read(strings.NewReader(content), format) {
		if err != nil {
			all = append(all, err.Error())
			continue
		}
		all = append(all, string(order.Body))
	}
	return all
}

func TestReadJSONLines(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, content string
		want          []string
	}{
		{"fields", `{"restaurant_id":"Restaurant 4","user_id":"Burger_20","quantity":"3"}`, []string{burger}},
		{"a whole body", burger, []string{burger}},
		{"what stands beside data", `{"data":{"user_id":"u","quantity":"1","restaurant_id":"r"},"v":2}`, []string{`{"data":{"user_id":"u","quantity":"1","restaurant_id":"r"},"v":2}`}},
		{
			"unknown fields are carried along", `{"user_id":"u","quantity":"1","restaurant_id":"r","note":{"extra":"hot"}}`,
			[]string{`{"data":{"user_id":"u","quantity":"1","restaurant_id":"r","note":{"extra":"hot"}}}`},
		},
		{"empty lines, a byte order mark, other line ends", "\ufeff" + burger + "\r\n\n  \n" + burger, []string{burger, burger}},
		{"nothing", "", nil},
		{
			"each mistake with its line and field", burger + "\n" + `{"user_id":"u","quantity":3,"restaurant_id":"r"}` + "\nno order\n" + `{"data":{"quantity":"1"}}` + "\n" + burger,
			[]string{
				burger, "line 2: quantity is the number 3, must be a string", "line 3: the line is not JSON at byte 1: invalid character 'o' in literal null (expecting 'u')",
				"line 4: data.user_id is missing", burger,
			},
		},
		{"longer than a message", burger + "\n" + strings.Repeat("x", 1<<20+1), []string{burger, "line 2: the line is longer than a message can be (1 MiB)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, outcomes(t, test.content, orderfile.JSONLines)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadCSV(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, content string
		want          []string
	}{
		{"in any order", "restaurant_id,quantity,user_id\nRestaurant 4,3,Burger_20\n", []string{burger}},
		{"other columns are carried along", "user_id,quantity,restaurant_id,note\nu,1,r,\"a \"\"b\"\"\nc\"\n", []string{`{"data":{"user_id":"u","quantity":"1","restaurant_id":"r","note":"a \"b\"\nc"}}`}},
		{"mistakes", "user_id,quantity,restaurant_id\nu,0,r\nu,1,\n", []string{`line 2: quantity is "0", must be a whole number from 1 to 999`, "line 3: restaurant_id is empty"}},
		{"no header", "", []string{"line 1: user_id is missing in the header, which must name user_id, quantity and restaurant_id"}},
		{"a column twice", "user_id,quantity,user_id,restaurant_id\n", []string{`line 1: the line is no header: column 3 is called "user_id", which is empty or stands twice`}},
		{"a short line", "user_id,quantity,restaurant_id\nu,1\n", []string{"line 2: the line is not CSV: wrong number of fields"}},
		{"a quote that does not end", "user_id,quantity,restaurant_id\nu,1,\"r\n", []string{`line 2: the line is not CSV: extraneous or missing " in quoted-field`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, outcomes(t, test.content, orderfile.CSV)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckCountsWhatItDoesNotTell(t *testing.T) {
	t.Parallel()
	s, err := orderfile.Check(strings.NewReader(strings.Repeat(burger+"\n{}\n", 100)), orderfile.JSONLines)
	if err != nil || s.Orders != 100 || s.Wrong != 100 || len(s.Mistakes) != 20 || s.Mistakes[1].Line != 4 {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestAFailedReadIsNoEnd(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader(burger+"\n"), iotest.ErrReader(errors.New("the disk is gone")))
	if _, err := orderfile.Check(broken, orderfile.JSONLines); err == nil || !strings.Contains(err.Error(), "the disk is gone") {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(burger+"\n{}", true)
	f.Add("user_id,quantity,restaurant_id\nu,1,r\n", false)
	f.Fuzz(func(t *testing.T, content string, lines bool) {
		format := orderfile.CSV
		if lines {
			format = orderfile.JSONLines
		}
		for order, err := range orderfile.Read(strings.NewReader(content), format) {
			if err != nil {
				continue
			}
			if _, err := workflow.DecodeBody(order.Body); err != nil {
				t.Errorf("line %d is sent though our decoder rejects it: %v", order.Line, err)
			}
		}
	})
}

// TestReadSome gives every order its line, and a body only to those that are wanted.
func TestReadSome(t *testing.T) {
	t.Parallel()
	for format, file := range map[orderfile.Format]string{
		orderfile.JSONLines: `{"user_id":"a","quantity":"1","restaurant_id":"r"}` + "\n\n" + `{"user_id":"b","quantity":"1","restaurant_id":"r"}` + "\n",
		orderfile.CSV:       "user_id,quantity,restaurant_id\n\"a\nb\",1,r\nb,1,r\n",
	} {
		var lines, users []string
		for order, err := range orderfile.ReadSome(strings.NewReader(file), format, func(n int) bool { return n == 1 }) {
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, strconv.Itoa(order.Line))
			users = append(users, order.UserID)
			if (len(order.Body) > 0) != (order.UserID == "b") {
				t.Errorf("%s: %+v", format, order)
			}
		}
		if want := map[orderfile.Format]string{orderfile.JSONLines: "1 3", orderfile.CSV: "2 4"}[format]; strings.Join(lines, " ") != want || strings.Join(users, ",") != ",b" {
			t.Errorf("%s: lines %q of users %q, want %s", format, lines, users, want)
		}
	}
}
