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

// TestMail follows a subscription from its request to the first mail.
func TestMail(t *testing.T) {
	t.Parallel()
	s, client := serve()
	ctx := t.Context()
	topic, err := client.CreateTopic(ctx, &sdk.CreateTopicInput{Name: awssdk.String("t")})
	if err != nil {
		t.Fatal(err)
	}
	subscribed, err := client.Subscribe(ctx, &sdk.SubscribeInput{
		TopicArn: topic.TopicArn, Protocol: awssdk.String("email"), Endpoint: awssdk.String("a@example.com"),
	})
	if err != nil || *subscribed.SubscriptionArn != "pending confirmation" {
		t.Fatalf("subscribed %+v, %v", subscribed, err)
	}
	if err := publish(ctx, client, *topic.TopicArn, "early"); err != nil {
		t.Fatal(err)
	}
	mails := s.Mails()
	if len(mails) != 1 || mails[0].MessageID != "" {
		t.Fatalf("mails before the confirmation %+v", mails)
	}
	want(t, client, *topic.TopicArn, "0", "1", "PendingConfirmation")
	confirmed, err := client.ConfirmSubscription(ctx, &sdk.ConfirmSubscriptionInput{TopicArn: topic.TopicArn, Token: awssdk.String(mails[0].Body)})
	if err != nil {
		t.Fatal(err)
	}
	want(t, client, *topic.TopicArn, "1", "0", *confirmed.SubscriptionArn)
	if err := publish(ctx, client, *topic.TopicArn, "Order status: SUCCESS"); err != nil {
		t.Fatal(err)
	}
	mails = s.Mails()
	if last := mails[len(mails)-1]; len(mails) != 2 || last.Body != "Order status: SUCCESS" || last.To != "a@example.com" || last.MessageID == "" {
		t.Errorf("mails %+v", mails)
	}
	if _, err := client.Unsubscribe(ctx, &sdk.UnsubscribeInput{SubscriptionArn: confirmed.SubscriptionArn}); err != nil {
		t.Fatal(err)
	}
	if err := publish(ctx, client, *topic.TopicArn, "late"); err != nil || len(s.Mails()) != 2 {
		t.Errorf("mails after unsubscribing %+v, %v", s.Mails(), err)
	}
}

// want checks the topic's counts and the ARN of its one subscription.
func want(t *testing.T, client *sdk.Client, topic, confirmed, pending, arn string) {
	t.Helper()
	attributes, err := client.GetTopicAttributes(t.Context(), &sdk.GetTopicAttributesInput{TopicArn: &topic})
	if err != nil {
		t.Fatal(err)
	}
	if a := attributes.Attributes; a["SubscriptionsConfirmed"] != confirmed || a["SubscriptionsPending"] != pending {
		t.Errorf("attributes %v", a)
	}
	list, err := client.ListSubscriptionsByTopic(t.Context(), &sdk.ListSubscriptionsByTopicInput{TopicArn: &topic})
	if err != nil || len(list.Subscriptions) != 1 || *list.Subscriptions[0].SubscriptionArn != arn {
		t.Errorf("subscriptions %+v, %v", list, err)
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
		{"no ARN", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error { return publish(ctx, c, "t", "m") }},
		{"empty message", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error { return publish(ctx, c, known, "") }},
		{"long message", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			return publish(ctx, c, known, strings.Repeat("m", 256<<10+1))
		}},
		{"line break in the subject", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.Publish(ctx, &sdk.PublishInput{TopicArn: awssdk.String(known), Message: awssdk.String("m"), Subject: awssdk.String("a\nb")})
			return err
		}},
		{"protocol", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: awssdk.String(known), Protocol: awssdk.String("sms"), Endpoint: awssdk.String("1")})
			return err
		}},
		{"address", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: awssdk.String(known), Protocol: awssdk.String("email"), Endpoint: awssdk.String("nobody")})
			return err
		}},
		{"token", "InvalidParameter", func(ctx context.Context, c *sdk.Client) error {
			_, err := c.ConfirmSubscription(ctx, &sdk.ConfirmSubscriptionInput{TopicArn: awssdk.String(known), Token: awssdk.String("x")})
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
