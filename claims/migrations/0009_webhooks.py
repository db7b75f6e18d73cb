

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0008_plan_limits_not_negative'),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('url', models.CharField(help_text='https://…; redirects are not followed.', max_length=400, verbose_name='address')),
                ('events', models.JSONField(blank=True, default=list, help_text='Empty: all of them.', verbose_name='events')),
                ('enabled', models.BooleanField(default=True, verbose_name='enabled')),
                ('encrypted_secret', models.TextField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(unique=True, verbose_name='number of the message')),
                ('event', models.CharField(choices=[('claim.opened', 'A claim was opened'), ('claim.assigned', 'A claim was given to somebody'), ('claim.decided', 'A decision is final'), ('claim.checking', 'A decision waits for a second person'), ('claim.returned', 'Papers were asked for'), ('claim.reopened', 'A claim was opened again'), ('document.read', 'A document was read'), ('document.not-read', 'A document could not be read, or waits for a person'), ('papers.received', 'Papers that were missing came'), ('letter.issued', 'A letter was issued'), ('test', 'A test, asked for in the admin')], max_length=30, verbose_name='event')),
                ('claim_number', models.CharField(blank=True, max_length=30, verbose_name='claim')),
                ('body', models.TextField(verbose_name='message')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('delivered', 'Delivered'), ('failed', 'Given up')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='HTTP status')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='what went wrong')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('tried_at', models.DateTimeField(blank=True, null=True, verbose_name='last attempt')),
                ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='next attempt')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='claims.webhookendpoint', verbose_name='webhook')),
            ],
            options={
                'verbose_name': 'webhook delivery',
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['state', '-id'], name='webhook_by_state'), models.Index(fields=['claim_number', '-id'], name='webhook_by_claim')],
                'constraints': [models.CheckConstraint(condition=models.Q(('attempts', 0), ('tried_at__isnull', False), _connector='OR'), name='webhook_tried_has_time')],
            },
        ),
    ]
