package dynamodb

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"orderops/aws/local/identity"
)

// inProcess carries the SDK's requests to a handler without a socket.
type inProcess struct{ handler http.Handler }

// Do answers one request, or gives up with its context.
func (p inProcess) Do(r *http.Request) (*http.Response, error) {
	answer := make(chan *http.Response, 1)
	go func() {
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		answer <- w.Result()
	}()
	select {
	case response := <-answer:
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// orderTable asks for the order system's table.
func orderTable() string { return tableOf("order-table", "user_id", "id") }

// tableOf asks for an on-demand table with these keys; a type other than S
// stands behind a colon.
func tableOf(name string, keys ...string) string {
	in := schema{TableName: name, BillingMode: "PAY_PER_REQUEST"}
	for n, k := range keys {
		attribute, kind, _ := strings.Cut(k, ":")
		in.AttributeDefinitions = append(in.AttributeDefinitions, attributeDefinition{attribute, cmp.Or(kind, "S")})
		in.KeySchema = append(in.KeySchema, keyElement{attribute, []string{"HASH", "RANGE", "RANGE"}[n]})
	}
	request, err := json.Marshal(in)
	if err != nil {
		panic(err) // strings always encode
	}
	return string(request)
}

// newClient makes a service with these tables and the real SDK's client for it.
func newClient(t *testing.T, tables ...string) *sdk.Client {
	t.Helper()
	service := New(identity.New("000000000000", "us-east-1", "http://local", 1))
	for _, table := range tables {
		if err := createTable(service, table); err != nil {
			t.Fatal(err)
		}
	}
	return clientOf(service)
}

func clientOf(service *Service) *sdk.Client {
	return sdk.New(sdk.Options{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("local", "local", ""),
		BaseEndpoint:     awssdk.String("http://local"),
		HTTPClient:       inProcess{service},
		RetryMaxAttempts: 1,
	})
}

type attrs = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func num(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }

func orderKey(user, id string) attrs { return attrs{"user_id": text(user), "id": text(id)} }

// put stores an order with these further attributes.
func put(t *testing.T, client *sdk.Client, user, id string, more attrs) {
	t.Helper()
	order := orderKey(user, id)
	maps.Copy(order, more)
	if _, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("order-table"), Item: order}); err != nil {
		t.Fatal(err)
	}
}

// wantError checks the error's code and message.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatalf("error = %v, want %s: %s", err, code, message)
	}
	if e.ErrorCode() != code || e.ErrorMessage() != message {
		t.Errorf("error = %s: %s\nwant    %s: %s", e.ErrorCode(), e.ErrorMessage(), code, message)
	}
}

// createTable makes a table as the request of that name does.
func createTable(service *Service, request string) error {
	_, err := service.Do("CreateTable", json.RawMessage(request))
	return err
}
