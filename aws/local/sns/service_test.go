package sns_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"orderops/aws/local/identity"
	"orderops/aws/local/sns"
)

// direct calls a handler in this goroutine.
type direct struct{ http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func serve() (*sns.Service, *sdk.Client) {
	s := sns.New(identity.New("000000000000", "us-east-1", "", 1))
	return s, sdk.New(sdk.Options{
		Region: "us-east-1", HTTPClient: direct{s}, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
}

// TestMail follows a topic from its creation to the mail of its subscriber.
func TestMail(t *testing.T) {
	t.Parallel()
	s, client := serve()
	ctx := t.Context()
	topic, err := client.CreateTopic(ctx, &sdk.CreateTopicInput{Name: awssdk.String("t"), Attributes: map[string]string{"DisplayName": "Orders"}})
	if err != nil {
		t.Fatal(err)
	}
	arn := *topic.TopicArn
	if _, err := s.SubscribeMail(arn, "nobody", true); err == nil {
		t.Error("an address without @ is taken")
	}
	first, err := s.SubscribeMail(arn, "a@example.com", true)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.SubscribeMail(arn, "a@example.com", true); err != nil || again != first {
		t.Errorf("subscribed again as %s, %v; want %s", again, err, first)
	}
	asked, err := client.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: &arn, Protocol: awssdk.String("email"), Endpoint: awssdk.String("b@example.com")})
	if err != nil || *asked.SubscriptionArn != "pending confirmation" {
		t.Fatalf("subscribed over the API: %+v, %v", asked, err)
	}
	asked, err = client.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: &arn, Protocol: awssdk.String("email"), Endpoint: awssdk.String("a@example.com"), ReturnSubscriptionArn: true})
	if err != nil || *asked.SubscriptionArn != first {
		t.Fatalf("subscribed once more over the API: %+v, %v", asked, err)
	}
	attributes, err := client.GetTopicAttributes(ctx, &sdk.GetTopicAttributesInput{TopicArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	if a := attributes.Attributes; a["SubscriptionsConfirmed"] != "1" || a["SubscriptionsPending"] != "1" || a["DisplayName"] != "Orders" {
		t.Errorf("attributes %v", a)
	}
	if err := publish(ctx, client, arn, "Order status: SUCCESS"); err != nil {
		t.Fatal(err)
	}
	mails := s.Mails()
	if len(mails) != 1 || mails[0].Body != "Order status: SUCCESS" || mails[0].To != "a@example.com" || mails[0].Subject != "AWS Notification Message" || mails[0].MessageID == "" {
		t.Errorf("mails %+v", mails)
	}
	if _, err := client.DeleteTopic(ctx, &sdk.DeleteTopicInput{TopicArn: &arn}); err != nil {
		t.Fatal(err)
	}
	if err := publish(ctx, client, arn, "late"); err == nil {
		t.Error("a deleted topic takes messages")
	}
}

func publish(ctx context.Context, client *sdk.Client, topic, message string) error {
	_, err := client.Publish(ctx, &sdk.PublishInput{TopicArn: &topic, Message: &message})
	return err
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const known = "arn:aws:sns:us-east-1:000000000000:t"
	for _, test := range []struct {
		name, code string
		call       func(context.Context, *sdk.Client) error
	}{
		{"bad topic name", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.CreateTopic(ctx, &sdk.CreateTopicInput{Name: awssdk.String("a b")})
			return err
		}},
		{"another protocol", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: awssdk.String(known), Protocol: awssdk.String("sms"), Endpoint: awssdk.String("1")})
			return err
		}},
		{"no ARN", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error { return publish(ctx, c, "t", "m") }},
		{"empty message", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error { return publish(ctx, c, known, "") }},
		{"long message", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			return publish(ctx, c, known, strings.Repeat("m", 256<<10+1))
		}},
		{"line break in the subject", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.Publish(ctx, &sdk.PublishInput{TopicArn: awssdk.String(known), Message: awssdk.String("m"), Subject: awssdk.String("a\nb")})
			return err
		}},
		{"subscriptions", "InvalidAction", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.ListSubscriptionsByTopic(ctx, &sdk.ListSubscriptionsByTopicInput{TopicArn: awssdk.String(known)})
			return err
		}},
		{"unknown operation", "InvalidAction", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.ListPhoneNumbersOptedOut(ctx, nil)
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, client := serve()
			if _, err := s.CreateTopic("t", nil); err != nil {
				t.Fatal(err)
			}
			err := test.call(t.Context(), client)
			if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != test.code {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestMissingTopic(t *testing.T) {
	t.Parallel()
	_, client := serve()
	err := publish(t.Context(), client, "arn:aws:sns:us-east-1:000000000000:none", "m")
	if _, ok := errors.AsType[*types.NotFoundException](err); !ok {
		t.Errorf("error %v", err)
	}
}

func TestTopicsArePaged(t *testing.T) {
	t.Parallel()
	s, client := serve()
	for i := range 201 {
		if _, err := s.CreateTopic(strings.Repeat("t", i+1), nil); err != nil {
			t.Fatal(err)
		}
	}
	found, pages := 0, 0
	for p := sdk.NewListTopicsPaginator(client, nil); p.HasMorePages(); pages++ {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found += len(page.Topics)
	}
	if found != 201 || pages != 3 {
		t.Errorf("%d topics on %d pages", found, pages)
	}
}

func TestMailboxIsBounded(t *testing.T) {
	t.Parallel()
	s, client := serve()
	arn, err := s.CreateTopic("t", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SubscribeMail(arn, "a@example.com", true); err != nil {
		t.Fatal(err)
	}
	for i := range 1001 {
		if err := publish(t.Context(), client, arn, strings.Repeat("m", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if mails := s.Mails(); len(mails) != 1000 || mails[0].Body != "mm" {
		t.Errorf("%d mails, the first %q", len(mails), mails[0].Body)
	}
}
