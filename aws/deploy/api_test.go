package deploy_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/local"
)

// posted is the API's answer to a request.
type posted struct {
	status int
	id     string // x-order-id
	kind   string // x-amzn-errortype
	body   string
}

func (s *system) post(t *testing.T, kind, body string, header ...string) posted {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.outputs["ApiGatewayInvokeURL"], strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := s.cloud.HTTPClient().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return posted{response.StatusCode, response.Header.Get("X-Order-Id"), response.Header.Get("X-Amzn-Errortype"), string(text)}
}

// jsonOf is a request with three members; values are JSON.
func jsonOf(user, quantity, restaurant string) string {
	return `{"user_id":` + user + `,"quantity":` + quantity + `,"restaurant_id":` + restaurant + `}`
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAPITakesTextsUnchanged wants in the table what was in the request.
func TestAPITakesTextsUnchanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, local.Options{}, map[string]string{"WaitSeconds": "1"})
		defer s.cloud.Close()
		texts := map[string]string{ // by user, so that rows are told apart
			"plain":       "Restaurant 4",
			"quotes":      `"a" 'b' \"c\" ` + "`d`",
			"ampersands":  `&a=b&&MessageBody=x;Action=DeleteQueue`,
			"percent":     `100% %22 %2B %00 %zz`,
			"plus":        `a+b ++ c`,
			"braces":      `{"data":{}} ${x} #set($q=1) $input.json('$') $util`,
			"backslashes": `a\b\\c\n\u0041`,
			"slashes":     `</script><!-- //`,
			"emoji":       "🍔👩‍👩‍👧‍👦 é 漢字 \u202ertl",
			"spaces":      `  two  `,
			"longest":     strings.Repeat("🍔", 256),
		}
		ids := map[string]string{}
		for user, text := range texts {
			for _, quantity := range []string{"1", "999"} {
				answer := s.post(t, "application/json", jsonOf(quoted(t, user+quantity), `"`+quantity+`"`, quoted(t, text)))
				if answer.status != http.StatusCreated || answer.id == "" || !strings.Contains(answer.body, `"MessageId":"`+answer.id+`"`) {
					t.Fatalf("%s: %+v", user, answer)
				}
				ids[user+quantity] = answer.id
			}
		}
		// Hostile in both texts, and spelt with escapes.
		answer := s.post(t, "application/json; charset=utf-8", jsonOf(`"\u0022&%+\ud83c\udf54"`, `"\u0033"`, `"<>"`))
		if answer.status != http.StatusCreated {
			t.Fatalf("%+v", answer)
		}
		texts[`"&%+🍔`], ids[`"&%+🍔3`] = "<>", answer.id
		time.Sleep(time.Minute)
		for key, id := range ids {
			user := key
			quantity := "3"
			if _, ok := texts[strings.TrimSuffix(key, "1")]; ok {
				quantity = "1"
			} else if _, ok := texts[strings.TrimSuffix(key, "999")]; ok {
				quantity = "999"
			} else {
				user = strings.TrimSuffix(key, "3")
			}
			row := s.row(t, user, id)
			if row["restaurant_id"] != texts[strings.TrimSuffix(user, quantity)] || row["quantity"] != quantity || row["order_status"] != "SUCCESS" {
				t.Errorf("%s: the row is %q", key, row)
			}
		}
	})
}

// row reads a row of the orders table.
func (s *system) row(t *testing.T, user, id string) map[string]string {
	t.Helper()
	answer, err := dynamodb.NewFromConfig(s.config).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: awssdk.String(s.outputs["DynamoDBTableName"]),
		Key: map[string]types.AttributeValue{
			"user_id": &types.AttributeValueMemberS{Value: user}, "id": &types.AttributeValueMemberS{Value: id},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	row := map[string]string{}
	for name, value := range answer.Item {
		if text, ok := value.(*types.AttributeValueMemberS); ok {
			row[name] = text.Value
		}
	}
	return row
}

// TestAPIRefusesWithTheFieldNamed wants a 4xx of everything that is no order,
// nothing of it on the queue, and the field named where there is one.
func TestAPIRefusesWithTheFieldNamed(t *testing.T) {
	t.Parallel()
	s := start(t, local.Options{}, nil)
	if err := s.cloud.EnableEventSource("OrderConsumer", false); err != nil {
		t.Fatal(err)
	}
	long := `"` + strings.Repeat("x", 2<<20) + `"`
	const u, q, r = `"u"`, `"3"`, `"r"`
	for name, c := range map[string]struct {
		kind, body string
		status     int
		names      string // what "error" must say
	}{
		"user missing":             {"", `{"quantity":"3","restaurant_id":"r"}`, 400, `(["user_id"])`},
		"quantity missing":         {"", `{"user_id":"u","restaurant_id":"r"}`, 400, `(["quantity"])`},
		"restaurant missing":       {"", `{"user_id":"u","quantity":"3"}`, 400, `(["restaurant_id"])`},
		"all missing":              {"", `{}`, 400, `(["quantity","restaurant_id","user_id"])`},
		"unknown field":            {"", `{"user_id":"u","quantity":"3","restaurant_id":"r","note":1}`, 400, `["note"]`},
		"hostile field":            {"", `{"user_id":"u","quantity":"3","restaurant_id":"r","a'\"]&x":1}`, 400, `["a'\"]&x"]`},
		"field in other case":      {"", `{"User_ID":"u","quantity":"3","restaurant_id":"r"}`, 400, `["User_ID"]`},
		"user empty":               {"", jsonOf(`""`, q, r), 400, "user_id"},
		"restaurant empty":         {"", jsonOf(u, q, `""`), 400, "restaurant_id"},
		"quantity empty":           {"", jsonOf(u, `""`, r), 400, "quantity"},
		"quantity 0":               {"", jsonOf(u, `"0"`, r), 400, "quantity"},
		"quantity -1":              {"", jsonOf(u, `"-1"`, r), 400, "quantity"},
		"quantity +1":              {"", jsonOf(u, `"+1"`, r), 400, "quantity"},
		"quantity 1e9":             {"", jsonOf(u, `"1e9"`, r), 400, "quantity"},
		"quantity 3.5":             {"", jsonOf(u, `"3.5"`, r), 400, "quantity"},
		"quantity 1000":            {"", jsonOf(u, `"1000"`, r), 400, "quantity"},
		"quantity 03":              {"", jsonOf(u, `"03"`, r), 400, "quantity"},
		"quantity with newline":    {"", jsonOf(u, `"3\n"`, r), 400, "quantity"},
		"quantity in other digits": {"", jsonOf(u, `"٣"`, r), 400, "quantity"},
		"newline in user":          {"", jsonOf(`"a\nb"`, q, r), 400, "user_id"},
		"escape in restaurant":     {"", jsonOf(u, q, `"\u001b[2J"`), 400, "restaurant_id"},
		"C1 in user":               {"", jsonOf(`"\u009b"`, q, r), 400, "user_id"},
		"half an emoji in user":    {"", jsonOf(`"\ud83c"`, q, r), 400, "user_id"},
		"broken UTF-8 in user":     {"", jsonOf("\"\xff\"", q, r), 400, "user_id"},
		"user too long":            {"", jsonOf(`"`+strings.Repeat("🍔", 257)+`"`, q, r), 400, "user_id"},
		"2 MB in user":             {"", jsonOf(long, q, r), 400, "user_id"},
		"2 MB in restaurant":       {"", jsonOf(u, q, long), 400, "restaurant_id"},
		"2 MB in an unknown":       {"", `{"user_id":"u","quantity":"3","restaurant_id":"r","note":` + long + `}`, 400, `["note"]`},
		// API Gateway's text does not name the field of a wrong type; "fields" tells of all three.
		"user of wrong type":       {"", jsonOf(`7`, q, r), 400, "(integer)"},
		"quantity of wrong type":   {"", jsonOf(u, `3`, r), 400, "(integer)"},
		"quantity 3.5 as number":   {"", jsonOf(u, `3.5`, r), 400, "(number)"},
		"quantity null":            {"", jsonOf(u, `null`, r), 400, "(null)"},
		"restaurant of wrong type": {"", jsonOf(u, q, `["r"]`), 400, "(array)"},
		"restaurant an object":     {"", jsonOf(u, q, `{"a":1}`), 400, "(object)"},
		"restaurant true":          {"", jsonOf(u, q, `true`), 400, "(boolean)"},
		"a list":                   {"", `[]`, 400, "(array)"},
		"a text":                   {"", `"x"`, 400, "(string)"},
		"no JSON":                  {"", `user_id=u&quantity=3`, 400, "JSON"},
		"half JSON":                {"", `{"user_id":`, 400, "JSON"},
		"two orders":               {"", jsonOf(u, q, r) + jsonOf(u, q, r), 400, "JSON"},
		"nothing":                  {"", ``, 400, "JSON"},
		"text/plain":               {"text/plain", jsonOf(u, q, r), 415, ""},
		"a form":                   {"application/x-www-form-urlencoded", "user_id=u", 415, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := c.kind
			if kind == "" {
				kind = "application/json"
			}
			answer := s.post(t, kind, c.body)
			if answer.status != c.status || answer.id != "" {
				t.Fatalf("%d %.300s", answer.status, answer.body)
			}
			if c.status != http.StatusBadRequest {
				return
			}
			var told struct {
				Message, Error string
				Fields         map[string]string
			}
			if err := json.Unmarshal([]byte(answer.body), &told); err != nil {
				t.Fatalf("%v: %.300s", err, answer.body)
			}
			if told.Message != "Invalid request body" || !strings.Contains(told.Error, c.names) || len(told.Fields) != 3 {
				t.Errorf("%+.300v lacks %s", told, c.names)
			}
		})
	}
	t.Cleanup(func() { // after all of them, as they run in parallel
		if n := s.attribute(t, "OrderQueueUrl", "ApproximateNumberOfMessages"); n != "0" {
			t.Errorf("%s refused requests are on the queue", n)
		}
	})
}

// attribute reads one attribute of the queue whose address is an output.
func (s *system) attribute(t *testing.T, output, name string) string {
	t.Helper()
	answer, err := sqs.NewFromConfig(s.config).GetQueueAttributes(context.WithoutCancel(t.Context()), &sqs.GetQueueAttributesInput{
		QueueUrl: awssdk.String(s.outputs[output]), AttributeNames: []sqstypes.QueueAttributeName{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Attributes[name]
}
