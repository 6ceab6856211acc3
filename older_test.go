package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/workflow"
)

// placed puts n rows of orders of earlier days into the table.
func (s *stage) placed(n int) {
	s.t.Helper()
	table := dynamodb.NewFromConfig(s.producer())
	for i := range n {
		created, id := time.Now().Add(-time.Duration(i)*time.Minute), fmt.Sprintf("older-%04d", i)
		item := map[string]types.AttributeValue{}
		for name, value := range map[string]string{
			"user_id": fmt.Sprintf("Burger_%d", i%7), "id": id, "restaurant_id": "Restaurant 4", "quantity": "3", "order_status": "SUCCESS",
			"created_at": created.UTC().Format(time.RFC3339), workflow.DayField: workflow.DayKey(created, workflow.OrderID(id)),
		} {
			item[name] = &types.AttributeValueMemberS{Value: value}
		}
		if _, err := table.PutItem(s.t.Context(), &dynamodb.PutItemInput{TableName: awssdk.String("order-table"), Item: item}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// TestOlderOrdersTellTheirCostBefore: no page of the table is read before it was
// said what it costs; afterwards it is said how much of the table is shown.
func TestOlderOrdersTellTheirCostBefore(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &golden{t: t, dir: fmt.Sprintf("testdata/frames/older/%dx%d", size[0], size[1]), keeper: true}
				s := open(t, setting{fps: calm, w: size[0], h: size[1]})
				s.placed(450)
				s.press("2")
				s.pass(5 * time.Second)
				asked := s.calls(func() {
					s.press("p")
					s.pass(time.Second)
					s.shows("about 450 rows", "the newest first", "read units at most", "[ read a page ]")
					g.frame(s, "cost")
					s.press("esc")
				})
				if asked["dynamodb:DescribeTable"] != 1 || asked["dynamodb:Query"]+asked["dynamodb:Scan"] != 0 {
					t.Errorf("before it was agreed to: %v", asked)
				}
				s.press("p")
				s.pass(time.Second)
				s.press("enter")
				s.pass(10 * time.Second)
				s.shows("Orders (200)", "showing 200 of about 450")
				g.frame(s, "page")
				s.press("p") // goes on without asking
				s.pass(time.Second)
				s.press("p")
				s.pass(10 * time.Second)
				s.shows("Orders (450)", "showing 450")
				for range 12 { // days without orders, then the table itself
					s.press("p")
					s.pass(time.Second)
				}
				s.pass(10 * time.Second)
				s.shows("showing 450, all rows of the table")
				s.press("p")
				s.shows("the whole table has been read")
				g.done()
			})
		})
	}
}

// TestOrdersAreExported: the filtered list goes to a file.
func TestOrdersAreExported(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 120, h: 40})
		s.placed(30)
		s.press("2")
		s.pass(2 * time.Second)
		s.press("p")
		s.pass(time.Second)
		s.press("enter")
		s.pass(2 * time.Second)
		s.press("/")
		s.enter("user:burger_3")
		s.press("enter", "E", "ctrl+u")
		file := filepath.Join(folder, "burgers.csv")
		s.enter(file)
		s.press("enter")
		s.pass(time.Second)
		s.shows("4 orders written to")
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Split(strings.TrimSpace(string(content)), "\n"); len(lines) != 5 || !strings.HasPrefix(lines[0], "order,where,status,row") || strings.Count(string(content), ",Burger_3,3,Restaurant 4,") != 4 {
			t.Errorf("got\n%s", content)
		}
	})
}
