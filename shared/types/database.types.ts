// Generated from supabase/migrations by `npm run types`. Do not edit.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  public: {
    Tables: {
      account_deletion: {
        Row: {
          requested_at: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          requested_at?: string
          user_id: string
        }
        Update: {
          requested_at?: string
          user_id?: string
        }
        Relationships: []
      }
      calendar_feed: {
        Row: {
          contains: string
          created_at: string
          expires_at: string | null
          id: number
          last_used_at: string | null
          locale: string
          time_zone: string
          token_hash: string
          user_id: string
          view_id: number
        }
        ComputedFields: never
        Insert: {
          contains: string
          created_at?: string
          expires_at?: string | null
          id?: never
          last_used_at?: string | null
          locale: string
          time_zone: string
          token_hash: string
          user_id: string
          view_id: number
        }
        Update: {
          contains?: string
          created_at?: string
          expires_at?: string | null
          id?: never
          last_used_at?: string | null
          locale?: string
          time_zone?: string
          token_hash?: string
          user_id?: string
          view_id?: number
        }
        Relationships: [
          {
            foreignKeyName: 'calendar_feed_view_id_fkey'
            columns: ['view_id']
            isOneToOne: false
            referencedRelation: 'saved_view'
            referencedColumns: ['id']
          },
        ]
      }
      dirty_page: {
        Row: {
          changed_at: string
          connection_id: number
          marked_at: string
          notion_page_id: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          changed_at?: string
          connection_id: number
          marked_at?: string
          notion_page_id: string
          user_id: string
        }
        Update: {
          changed_at?: string
          connection_id?: number
          marked_at?: string
          notion_page_id?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'dirty_page_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'dirty_page_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      integration_logs: {
        Row: {
          code: string | null
          connection_id: number | null
          created_at: string
          event: string
          id: number
          outcome: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          code?: string | null
          connection_id?: number | null
          created_at?: string
          event: string
          id?: never
          outcome: string
          user_id: string
        }
        Update: {
          code?: string | null
          connection_id?: number | null
          created_at?: string
          event?: string
          id?: never
          outcome?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'integration_logs_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
        ]
      }
      integration_sync_jobs: {
        Row: {
          again: boolean
          again_full: boolean
          complete: boolean
          connection_id: number
          created_at: string
          error_code: string | null
          finished_at: string | null
          full_read: boolean
          id: number
          news: boolean
          pages_done: number
          pages_total: number
          requests_used: number
          retry_at: string | null
          started_at: string | null
          state: string
          sweep: boolean
          updated_at: string
          user_id: string
          worker: number | null
        }
        ComputedFields: never
        Insert: {
          again?: boolean
          again_full?: boolean
          complete?: boolean
          connection_id: number
          created_at?: string
          error_code?: string | null
          finished_at?: string | null
          full_read?: boolean
          id?: never
          news?: boolean
          pages_done?: number
          pages_total?: number
          requests_used?: number
          retry_at?: string | null
          started_at?: string | null
          state?: string
          sweep?: boolean
          updated_at?: string
          user_id: string
          worker?: number | null
        }
        Update: {
          again?: boolean
          again_full?: boolean
          complete?: boolean
          connection_id?: number
          created_at?: string
          error_code?: string | null
          finished_at?: string | null
          full_read?: boolean
          id?: never
          news?: boolean
          pages_done?: number
          pages_total?: number
          requests_used?: number
          retry_at?: string | null
          started_at?: string | null
          state?: string
          sweep?: boolean
          updated_at?: string
          user_id?: string
          worker?: number | null
        }
        Relationships: [
          {
            foreignKeyName: 'integration_sync_jobs_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
        ]
      }
      list_rule: {
        Row: {
          created_at: string
          database_id: number | null
          effect: string
          id: number
          page_id: number | null
          user_id: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          database_id?: number | null
          effect: string
          id?: never
          page_id?: number | null
          user_id: string
        }
        Update: {
          created_at?: string
          database_id?: number | null
          effect?: string
          id?: never
          page_id?: number | null
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'list_rule_database_id_fkey'
            columns: ['database_id']
            isOneToOne: true
            referencedRelation: 'notion_database'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'list_rule_page_id_fkey'
            columns: ['page_id']
            isOneToOne: true
            referencedRelation: 'page'
            referencedColumns: ['id']
          },
        ]
      }
      mirror: {
        Row: {
          again: boolean
          again_full: boolean
          columns: NonNullable<Json>
          connection_id: number
          create_attempted_at: string | null
          created_at: string
          data_source_id: string | null
          error_code: string | null
          id: number
          last_full_at: string | null
          last_run_at: string | null
          last_sync_date: string | null
          list_id: number | null
          marker: string
          notion_database_id: string | null
          parent_page_id: string
          parent_title: string
          pulse_at: string
          read_until: string | null
          result: Json | null
          rows_done: number
          rows_removed: number
          rows_total: number
          run_full: boolean
          run_id: string | null
          run_no: number
          run_state: string
          state: string
          synced_seq: number
          synced_sources: number[]
          tick_back: boolean
          title: string
          updated_at: string
          url: string | null
          user_id: string
          worker: number | null
          writers: string[]
        }
        ComputedFields: never
        Insert: {
          again?: boolean
          again_full?: boolean
          columns?: NonNullable<Json>
          connection_id: number
          create_attempted_at?: string | null
          created_at?: string
          data_source_id?: string | null
          error_code?: string | null
          id?: never
          last_full_at?: string | null
          last_run_at?: string | null
          last_sync_date?: string | null
          list_id?: number | null
          marker?: string
          notion_database_id?: string | null
          parent_page_id: string
          parent_title?: string
          pulse_at?: string
          read_until?: string | null
          result?: Json | null
          rows_done?: number
          rows_removed?: number
          rows_total?: number
          run_full?: boolean
          run_id?: string | null
          run_no?: number
          run_state?: string
          state?: string
          synced_seq?: number
          synced_sources?: number[]
          tick_back?: boolean
          title: string
          updated_at?: string
          url?: string | null
          user_id: string
          worker?: number | null
          writers?: string[]
        }
        Update: {
          again?: boolean
          again_full?: boolean
          columns?: NonNullable<Json>
          connection_id?: number
          create_attempted_at?: string | null
          created_at?: string
          data_source_id?: string | null
          error_code?: string | null
          id?: never
          last_full_at?: string | null
          last_run_at?: string | null
          last_sync_date?: string | null
          list_id?: number | null
          marker?: string
          notion_database_id?: string | null
          parent_page_id?: string
          parent_title?: string
          pulse_at?: string
          read_until?: string | null
          result?: Json | null
          rows_done?: number
          rows_removed?: number
          rows_total?: number
          run_full?: boolean
          run_id?: string | null
          run_no?: number
          run_state?: string
          state?: string
          synced_seq?: number
          synced_sources?: number[]
          tick_back?: boolean
          title?: string
          updated_at?: string
          url?: string | null
          user_id?: string
          worker?: number | null
          writers?: string[]
        }
        Relationships: [
          {
            foreignKeyName: 'mirror_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'mirror_list_id_fkey'
            columns: ['list_id']
            isOneToOne: false
            referencedRelation: 'todo_list'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'mirror_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      mirror_row: {
        Row: {
          checked: boolean | null
          claimed_by: string | null
          created_at: string
          hash: string | null
          mirror_id: number
          outcome: string | null
          page_id: string | null
          run_no: number | null
          todo_id: string
          updated_at: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          checked?: boolean | null
          claimed_by?: string | null
          created_at?: string
          hash?: string | null
          mirror_id: number
          outcome?: string | null
          page_id?: string | null
          run_no?: number | null
          todo_id: string
          updated_at?: string
          user_id: string
        }
        Update: {
          checked?: boolean | null
          claimed_by?: string | null
          created_at?: string
          hash?: string | null
          mirror_id?: number
          outcome?: string | null
          page_id?: string | null
          run_no?: number | null
          todo_id?: string
          updated_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'mirror_row_mirror_id_fkey'
            columns: ['mirror_id']
            isOneToOne: false
            referencedRelation: 'mirror'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'mirror_row_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      notion_access_token: {
        Row: {
          access_token: string | null
          bot_id: string
          created_at: string
          deleted_at: string | null
          disconnect_reason: string | null
          disconnected_at: string | null
          duplicated_template_id: string | null
          expires_at: string | null
          id: number
          key_id: string
          kind: string
          last_probed_at: string | null
          owner: Json | null
          provider: string
          refresh_attempts: number
          refresh_lease: string | null
          refresh_lease_until: string | null
          refresh_not_before: string | null
          refresh_token: string | null
          request_id: string | null
          status: string
          token_fingerprint: string
          token_type: string
          updated_at: string
          user_id: string
          workspace_icon: string | null
          workspace_id: string
          workspace_name: string | null
        }
        ComputedFields: never
        Insert: {
          access_token?: string | null
          bot_id: string
          created_at?: string
          deleted_at?: string | null
          disconnect_reason?: string | null
          disconnected_at?: string | null
          duplicated_template_id?: string | null
          expires_at?: string | null
          id?: never
          key_id: string
          kind?: string
          last_probed_at?: string | null
          owner?: Json | null
          provider?: string
          refresh_attempts?: number
          refresh_lease?: string | null
          refresh_lease_until?: string | null
          refresh_not_before?: string | null
          refresh_token?: string | null
          request_id?: string | null
          status?: string
          token_fingerprint: string
          token_type: string
          updated_at?: string
          user_id: string
          workspace_icon?: string | null
          workspace_id: string
          workspace_name?: string | null
        }
        Update: {
          access_token?: string | null
          bot_id?: string
          created_at?: string
          deleted_at?: string | null
          disconnect_reason?: string | null
          disconnected_at?: string | null
          duplicated_template_id?: string | null
          expires_at?: string | null
          id?: never
          key_id?: string
          kind?: string
          last_probed_at?: string | null
          owner?: Json | null
          provider?: string
          refresh_attempts?: number
          refresh_lease?: string | null
          refresh_lease_until?: string | null
          refresh_not_before?: string | null
          refresh_token?: string | null
          request_id?: string | null
          status?: string
          token_fingerprint?: string
          token_type?: string
          updated_at?: string
          user_id?: string
          workspace_icon?: string | null
          workspace_id?: string
          workspace_name?: string | null
        }
        Relationships: []
      }
      notion_access_token_user: {
        Row: {
          created_at: string
          deleted_at: string | null
          frozen_at: string | null
          id: number
          token_id: number
          updated_at: string
          user_id: string
          workspace_id: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          deleted_at?: string | null
          frozen_at?: string | null
          id?: never
          token_id: number
          updated_at?: string
          user_id: string
          workspace_id: string
        }
        Update: {
          created_at?: string
          deleted_at?: string | null
          frozen_at?: string | null
          id?: never
          token_id?: number
          updated_at?: string
          user_id?: string
          workspace_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'notion_access_token_user_token_id_fkey'
            columns: ['token_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token'
            referencedColumns: ['id']
          },
        ]
      }
      notion_database: {
        Row: {
          access: string
          changed_at: string | null
          connection_id: number
          count_boxes: boolean
          count_rows: boolean
          created_at: string
          customised: boolean
          data_source_id: string
          done_property: Json | null
          icon: Json | null
          id: number
          last_edited_time: string | null
          listed_as: Json | null
          listed_at: string | null
          listed_by_job: number | null
          listed_whole: boolean | null
          metadata: NonNullable<Json>
          name: string
          notion_database_id: string
          told_at: string | null
          updated_at: string
          url: string | null
          user_id: string
          watermark: string | null
          counting_of: Json | null
        }
        ComputedFields: 'counting_of'
        Insert: {
          access?: string
          changed_at?: string | null
          connection_id: number
          count_boxes?: boolean
          count_rows?: boolean
          created_at?: string
          customised?: boolean
          data_source_id: string
          done_property?: Json | null
          icon?: Json | null
          id?: never
          last_edited_time?: string | null
          listed_as?: Json | null
          listed_at?: string | null
          listed_by_job?: number | null
          listed_whole?: boolean | null
          metadata?: NonNullable<Json>
          name?: string
          notion_database_id: string
          told_at?: string | null
          updated_at?: string
          url?: string | null
          user_id: string
          watermark?: string | null
        }
        Update: {
          access?: string
          changed_at?: string | null
          connection_id?: number
          count_boxes?: boolean
          count_rows?: boolean
          created_at?: string
          customised?: boolean
          data_source_id?: string
          done_property?: Json | null
          icon?: Json | null
          id?: never
          last_edited_time?: string | null
          listed_as?: Json | null
          listed_at?: string | null
          listed_by_job?: number | null
          listed_whole?: boolean | null
          metadata?: NonNullable<Json>
          name?: string
          notion_database_id?: string
          told_at?: string | null
          updated_at?: string
          url?: string | null
          user_id?: string
          watermark?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'notion_database_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
        ]
      }
      oauth_states: {
        Row: {
          browser_hash: string
          code_verifier: string | null
          consumed_at: string | null
          created_at: string
          expires_at: string
          id: number
          provider: string
          redirect_uri: string
          return_to: string
          state_hash: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          browser_hash: string
          code_verifier?: string | null
          consumed_at?: string | null
          created_at?: string
          expires_at: string
          id?: never
          provider: string
          redirect_uri: string
          return_to: string
          state_hash: string
          user_id: string
        }
        Update: {
          browser_hash?: string
          code_verifier?: string | null
          consumed_at?: string | null
          created_at?: string
          expires_at?: string
          id?: never
          provider?: string
          redirect_uri?: string
          return_to?: string
          state_hash?: string
          user_id?: string
        }
        Relationships: []
      }
      page: {
        Row: {
          complete: boolean | null
          completeness: Json | null
          connection_id: number
          created_at: string
          created_time: string | null
          database_id: number
          icon: Json | null
          id: number
          is_row: boolean
          last_edited_time: string | null
          listed_by_job: number | null
          notion_page_id: string
          parent_notion_id: string | null
          read_at: string | null
          read_by_job: number | null
          reread: boolean
          title: string
          trashed_at: string | null
          updated_at: string
          url: string
          user_id: string
          walked_edited_time: string | null
        }
        ComputedFields: never
        Insert: {
          complete?: boolean | null
          completeness?: Json | null
          connection_id: number
          created_at?: string
          created_time?: string | null
          database_id: number
          icon?: Json | null
          id?: never
          is_row?: boolean
          last_edited_time?: string | null
          listed_by_job?: number | null
          notion_page_id: string
          parent_notion_id?: string | null
          read_at?: string | null
          read_by_job?: number | null
          reread?: boolean
          title?: string
          trashed_at?: string | null
          updated_at?: string
          url: string
          user_id: string
          walked_edited_time?: string | null
        }
        Update: {
          complete?: boolean | null
          completeness?: Json | null
          connection_id?: number
          created_at?: string
          created_time?: string | null
          database_id?: number
          icon?: Json | null
          id?: never
          is_row?: boolean
          last_edited_time?: string | null
          listed_by_job?: number | null
          notion_page_id?: string
          parent_notion_id?: string | null
          read_at?: string | null
          read_by_job?: number | null
          reread?: boolean
          title?: string
          trashed_at?: string | null
          updated_at?: string
          url?: string
          user_id?: string
          walked_edited_time?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'page_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'page_database_id_fkey'
            columns: ['database_id']
            isOneToOne: false
            referencedRelation: 'notion_database'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'page_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      profiles: {
        Row: {
          change_seq: number
          created_at: string
          id: string
          locale: string
          pruned_seq: number
          settings: NonNullable<Json>
          time_zone: string
          updated_at: string
        }
        ComputedFields: never
        Insert: {
          change_seq?: number
          created_at?: string
          id: string
          locale?: string
          pruned_seq?: number
          settings?: NonNullable<Json>
          time_zone?: string
          updated_at?: string
        }
        Update: {
          change_seq?: number
          created_at?: string
          id?: string
          locale?: string
          pruned_seq?: number
          settings?: NonNullable<Json>
          time_zone?: string
          updated_at?: string
        }
        Relationships: []
      }
      removed_todo: {
        Row: {
          removed_at: string
          seq: number
          todo_id: number
          user_id: string
        }
        ComputedFields: never
        Insert: {
          removed_at?: string
          seq: number
          todo_id: number
          user_id: string
        }
        Update: {
          removed_at?: string
          seq?: number
          todo_id?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'removed_todo_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      saved_view: {
        Row: {
          created_at: string
          group_by: string
          id: number
          is_default: boolean
          name: string
          position: number
          query: string
          show: string
          sort_by: string
          updated_at: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          group_by: string
          id?: never
          is_default?: boolean
          name: string
          position?: number
          query?: string
          show: string
          sort_by: string
          updated_at?: string
          user_id: string
        }
        Update: {
          created_at?: string
          group_by?: string
          id?: never
          is_default?: boolean
          name?: string
          position?: number
          query?: string
          show?: string
          sort_by?: string
          updated_at?: string
          user_id?: string
        }
        Relationships: []
      }
      sync_schedule: {
        Row: {
          connection_id: number
          failures: number
          next_run_at: string
          next_sweep_at: string
          search_watermark: string | null
          user_id: string
        }
        ComputedFields: never
        Insert: {
          connection_id: number
          failures?: number
          next_run_at?: string
          next_sweep_at?: string
          search_watermark?: string | null
          user_id: string
        }
        Update: {
          connection_id?: number
          failures?: number
          next_run_at?: string
          next_sweep_at?: string
          search_watermark?: string | null
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'sync_schedule_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: true
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'sync_schedule_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      todo: {
        Row: {
          checked: boolean
          connection_id: number
          created_at: string
          database_id: number
          depth: number
          due: Json | null
          heading_path: string[]
          id: number
          kind: string
          last_edited_time: string | null
          looked_at: string | null
          notion_id: string
          page_id: number
          parent_id: number | null
          people: NonNullable<Json>
          position: number
          removed_at: string | null
          rich_text: NonNullable<Json>
          seq: number
          tags: string[]
          text: string
          updated_at: string
          user_id: string
          via_copy: boolean
          write_error: string | null
          write_state: string
          write_theirs: Json | null
        }
        ComputedFields: never
        Insert: {
          checked: boolean
          connection_id: number
          created_at?: string
          database_id: number
          depth?: number
          due?: Json | null
          heading_path?: string[]
          id?: never
          kind: string
          last_edited_time?: string | null
          looked_at?: string | null
          notion_id: string
          page_id: number
          parent_id?: number | null
          people?: NonNullable<Json>
          position?: number
          removed_at?: string | null
          rich_text?: NonNullable<Json>
          seq: number
          tags?: string[]
          text?: string
          updated_at?: string
          user_id: string
          via_copy?: boolean
          write_error?: string | null
          write_state?: string
          write_theirs?: Json | null
        }
        Update: {
          checked?: boolean
          connection_id?: number
          created_at?: string
          database_id?: number
          depth?: number
          due?: Json | null
          heading_path?: string[]
          id?: never
          kind?: string
          last_edited_time?: string | null
          looked_at?: string | null
          notion_id?: string
          page_id?: number
          parent_id?: number | null
          people?: NonNullable<Json>
          position?: number
          removed_at?: string | null
          rich_text?: NonNullable<Json>
          seq?: number
          tags?: string[]
          text?: string
          updated_at?: string
          user_id?: string
          via_copy?: boolean
          write_error?: string | null
          write_state?: string
          write_theirs?: Json | null
        }
        Relationships: [
          {
            foreignKeyName: 'todo_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_database_id_fkey'
            columns: ['database_id']
            isOneToOne: false
            referencedRelation: 'notion_database'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_page_id_fkey'
            columns: ['page_id']
            isOneToOne: false
            referencedRelation: 'page'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_parent_id_fkey'
            columns: ['parent_id']
            isOneToOne: false
            referencedRelation: 'todo'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      todo_change: {
        Row: {
          after_checked: boolean
          attempts: number
          base_checked: boolean | null
          before_checked: boolean
          bulk: boolean
          careful: boolean
          client_id: string | null
          connection_id: number
          created_at: string
          database_name: string
          entry: string
          error_code: string | null
          faults: number
          finished_at: string | null
          id: number
          insists: boolean
          is_head: boolean
          next_attempt_at: string
          notion_checked: boolean | null
          notion_id: string
          notion_text: string | null
          page_title: string
          sent_at: string | null
          source: string
          state: string
          text: string
          todo_id: number | null
          undo_of: number | null
          updated_at: string
          url: string
          user_id: string
          worker: number | null
        }
        ComputedFields: never
        Insert: {
          after_checked: boolean
          attempts?: number
          base_checked?: boolean | null
          before_checked: boolean
          bulk?: boolean
          careful?: boolean
          client_id?: string | null
          connection_id: number
          created_at?: string
          database_name?: string
          entry?: string
          error_code?: string | null
          faults?: number
          finished_at?: string | null
          id?: never
          insists?: boolean
          is_head?: boolean
          next_attempt_at?: string
          notion_checked?: boolean | null
          notion_id?: string
          notion_text?: string | null
          page_title?: string
          sent_at?: string | null
          source?: string
          state?: string
          text?: string
          todo_id?: number | null
          undo_of?: number | null
          updated_at?: string
          url?: string
          user_id: string
          worker?: number | null
        }
        Update: {
          after_checked?: boolean
          attempts?: number
          base_checked?: boolean | null
          before_checked?: boolean
          bulk?: boolean
          careful?: boolean
          client_id?: string | null
          connection_id?: number
          created_at?: string
          database_name?: string
          entry?: string
          error_code?: string | null
          faults?: number
          finished_at?: string | null
          id?: never
          insists?: boolean
          is_head?: boolean
          next_attempt_at?: string
          notion_checked?: boolean | null
          notion_id?: string
          notion_text?: string | null
          page_title?: string
          sent_at?: string | null
          source?: string
          state?: string
          text?: string
          todo_id?: number | null
          undo_of?: number | null
          updated_at?: string
          url?: string
          user_id?: string
          worker?: number | null
        }
        Relationships: [
          {
            foreignKeyName: 'todo_change_connection_id_fkey'
            columns: ['connection_id']
            isOneToOne: false
            referencedRelation: 'notion_access_token_user'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_change_todo_id_fkey'
            columns: ['todo_id']
            isOneToOne: false
            referencedRelation: 'todo'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_change_undo_of_fkey'
            columns: ['undo_of']
            isOneToOne: false
            referencedRelation: 'todo_change'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_change_user_id_fkey'
            columns: ['user_id']
            isOneToOne: false
            referencedRelation: 'profiles'
            referencedColumns: ['id']
          },
        ]
      }
      todo_list: {
        Row: {
          created_at: string
          id: number
          name: string
          updated_at: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          id?: never
          name: string
          updated_at?: string
          user_id: string
        }
        Update: {
          created_at?: string
          id?: never
          name?: string
          updated_at?: string
          user_id?: string
        }
        Relationships: []
      }
      todo_list_source: {
        Row: {
          database_id: number
          list_id: number
          position: number
          user_id: string
        }
        ComputedFields: never
        Insert: {
          database_id: number
          list_id: number
          position?: number
          user_id: string
        }
        Update: {
          database_id?: number
          list_id?: number
          position?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'todo_list_source_database_id_fkey'
            columns: ['database_id']
            isOneToOne: false
            referencedRelation: 'notion_database'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'todo_list_source_list_id_fkey'
            columns: ['list_id']
            isOneToOne: false
            referencedRelation: 'todo_list'
            referencedColumns: ['id']
          },
        ]
      }
      token_revocation: {
        Row: {
          attempts: number
          created_at: string
          give_up_at: string
          id: string
          key_id: string
          next_attempt_at: string
          provider: string
          sealed_token: string
        }
        ComputedFields: never
        Insert: {
          attempts?: number
          created_at?: string
          give_up_at?: string
          id: string
          key_id: string
          next_attempt_at?: string
          provider: string
          sealed_token: string
        }
        Update: {
          attempts?: number
          created_at?: string
          give_up_at?: string
          id?: string
          key_id?: string
          next_attempt_at?: string
          provider?: string
          sealed_token?: string
        }
        Relationships: []
      }
    }
    Views: {
      [_ in never]: never
    }
    Functions: {
      answer_changes: {
        Args: { p_code: string; p_entry: string; p_ids: string[]; p_user: string }
        Returns: Json
      }
      apply_listing: { Args: { p_database: number; p_job: number; p_pages: Json }; Returns: undefined }
      apply_page: {
        Args: {
          p_complete: boolean
          p_completeness: Json
          p_connection: number
          p_job: number
          p_notion_page_id: string
          p_requests: number
          p_safe: boolean
          p_started_at: string
          p_todos: Json
        }
        Returns: undefined
      }
      apply_search: { Args: { p_connection: number; p_pages: Json; p_watermark: string }; Returns: undefined }
      begin_anew: { Args: { p_user: string }; Returns: undefined }
      cache_databases: { Args: { p_connection: number; p_databases: Json }; Returns: number }
      change_todo_list: {
        Args: { p_data_sources: string[]; p_list: number; p_name: string; p_user: string }
        Returns: string
      }
      claim_mirror: { Args: { p_mirror: number; p_worker?: number }; Returns: string }
      claim_mirror_rows: {
        Args: { p_mirror: number; p_run: string; p_todos: string[] }
        Returns: {
          fresh: boolean
          todo_id: string
        }[]
      }
      claim_refresh: {
        Args: { p_lease: string; p_lease_ms: number; p_stale: string; p_token: number }
        Returns: {
          outcome: string
          wait_ms: number
        }[]
      }
      claim_revocation: {
        Args: { p_id: string }
        Returns: {
          attempts: number
          next_in_ms: number
          provider: string
          sealed_token: string
        }[]
      }
      claim_sync_job: { Args: { p_job: number; p_worker?: number }; Returns: boolean }
      claim_ticks: {
        Args: { p_bulk_limit: number; p_connection: number; p_limit: number; p_worker?: number }
        Returns: {
          attempts: number
          base_checked: boolean
          bulk: boolean
          careful: boolean
          change_id: number
          checked: boolean
          done_property: Json
          faults: number
          insists: boolean
          is_known: boolean
          kind: string
          notion_id: string
          recorded_at: string
          text: string
        }[]
      }
      connect_workspace: { Args: { p_token: Json; p_user: string }; Returns: number }
      connections_to_probe: { Args: { p_limit: number }; Returns: number[] }
      connections_with_due_ticks: { Args: Record<PropertyKey, never>; Returns: number[] }
      consume_oauth_state: {
        Args: { p_browser_hash: string; p_provider: string; p_state_hash: string; p_user: string }
        Returns: {
          code_verifier: string
          redirect_uri: string
          return_to: string
        }[]
      }
      counting_of: {
        Args: {
          p_database: Omit<
            Database['public']['Tables']['notion_database']['Row'],
            Database['public']['Tables']['notion_database']['ComputedFields']
          >
        }
        Returns: Json
      }
      create_mirror: {
        Args: {
          p_connection: number
          p_list: number
          p_parent: string
          p_parent_title: string
          p_tick_back: boolean
          p_user: string
        }
        Returns: {
          created: boolean
          mirror_id: number
        }[]
      }
      create_todo_list: {
        Args: { p_data_sources: string[]; p_name: string; p_user: string }
        Returns: number
      }
      delete_todo_list: { Args: { p_list: number; p_user: string }; Returns: boolean }
      disconnect_workspace: {
        Args: {
          p_connection: number
          p_fingerprint: string
          p_key_id?: string
          p_lists: string
          p_revocation?: string
          p_sealed?: string
          p_user: string
        }
        Returns: string
      }
      drop_mirror_row: { Args: { p_mirror: number; p_run: string; p_todo: string }; Returns: undefined }
      due_revocations: { Args: { p_limit: number }; Returns: string[] }
      ensure_profile: { Args: { p_user: string }; Returns: undefined }
      finish_listing: {
        Args: {
          p_database: number
          p_job: number
          p_pages: Json
          p_requests: number
          p_started_at: string
          p_whole: boolean
        }
        Returns: undefined
      }
      finish_mirror: {
        Args: {
          p_code?: string
          p_full?: boolean
          p_mirror: number
          p_missing: boolean
          p_read_until?: string
          p_report: Json
          p_run: string
          p_seq?: number
          p_sources?: number[]
        }
        Returns: boolean
      }
      finish_sync_job: {
        Args: { p_code?: string; p_complete: boolean; p_job: number; p_state: string }
        Returns: number
      }
      finish_tick: {
        Args: {
          p_attempt: number
          p_change: number
          p_error?: string
          p_is_fault?: boolean
          p_pause_ms?: number
          p_seen?: Json
          p_state: string
        }
        Returns: undefined
      }
      first_pages: {
        Args: { p_count: number; p_user: string }
        Returns: {
          data_source_id: string
          open: number
          page_id: number
        }[]
      }
      history_changes: {
        Args: { p_entry: string; p_user: string }
        Returns: {
          change_id: number
          shown: Json
        }[]
      }
      history_entries: {
        Args: { p_before?: number; p_limit: number; p_user: string }
        Returns: {
          counts: Json
          created_at: string
          entry: string
          head_id: number
          preview: Json
          size: number
          source: string
          undo_of: string
          undoable: boolean
        }[]
      }
      is_free: {
        Args: {
          p_change: Omit<
            Database['public']['Tables']['todo_change']['Row'],
            Database['public']['Tables']['todo_change']['ComputedFields']
          >
          p_connection: number
        }
        Returns: boolean
      }
      is_news: { Args: { p_changed_at: string; p_read_at: string; p_told_at: string }; Returns: boolean }
      is_sender_gone: { Args: { p_sent_at: string; p_worker: number }; Returns: boolean }
      is_status_move: { Args: { p_from: string; p_reason: string; p_to: string }; Returns: boolean }
      is_worker_alive: { Args: { p_worker: number }; Returns: boolean }
      keys_in_use: { Args: Record<PropertyKey, never>; Returns: string[] }
      list_orphaned_mirrors: { Args: Record<PropertyKey, never>; Returns: number[] }
      list_orphaned_sync_jobs: {
        Args: Record<PropertyKey, never>
        Returns: {
          connection_id: number
          job_id: number
          state: string
          sweep: boolean
        }[]
      }
      list_owed_pages: {
        Args: { p_job: number; p_limit?: number }
        Returns: {
          children: string[]
          database_id: number
          is_row: boolean
          notion_page_id: string
          page_id: number
          parent_notion_id: string
        }[]
      }
      list_stale_mirrors: { Args: { p_connection: number }; Returns: number[] }
      mark_listed: { Args: { p_database: number; p_job: number; p_rows: Json }; Returns: boolean }
      mark_oldest_read: { Args: { p_job: number; p_limit: number }; Returns: number }
      mark_page_of: { Args: { p_todo: number }; Returns: undefined }
      move_token_status: {
        Args: {
          p_code?: string
          p_event?: string
          p_fingerprint: string
          p_outcome?: string
          p_reason: string
          p_to: string
          p_token: number
        }
        Returns: boolean
      }
      next_change_seq: { Args: { p_user: string }; Returns: number }
      order_views: { Args: { p_user: string; p_views: number[] }; Returns: undefined }
      owes_reading: { Args: { p_connection: number }; Returns: boolean }
      plan_listings: {
        Args: { p_job: number }
        Returns: {
          count_boxes: boolean
          count_rows: boolean
          data_source_id: string
          database_id: number
          done_property: Json
          edited_since: string
          listed: boolean
        }[]
      }
      prune_removed_todos: { Args: { p_user: string }; Returns: undefined }
      pulse_mirror: {
        Args: { p_done: number; p_mirror: number; p_run: string; p_total: number }
        Returns: boolean
      }
      record_changes: {
        Args: { p_changes: Json; p_client?: string; p_source: string; p_user: string }
        Returns: Json
      }
      record_mirror_database: {
        Args: {
          p_columns: Json
          p_data_source: string
          p_database: string
          p_mirror: number
          p_run: string
          p_url: string
        }
        Returns: boolean
      }
      record_mirror_row: {
        Args: {
          p_checked: boolean
          p_hash: string
          p_mirror: number
          p_outcome: string
          p_page: string
          p_todo: string
        }
        Returns: boolean
      }
      record_probe: { Args: { p_code?: string; p_connection: number }; Returns: undefined }
      record_wishes: {
        Args: { p_changes: Json; p_client: string; p_seq: number; p_source: string; p_user: string }
        Returns: string
      }
      reencrypt_token: {
        Args: {
          p_access: string
          p_fingerprint: string
          p_former: string
          p_key_id: string
          p_refresh?: string
          p_token: number
        }
        Returns: boolean
      }
      release_refresh: {
        Args: { p_at_least_ms: number; p_code: string; p_lease: string; p_refused: boolean; p_token: number }
        Returns: number
      }
      request_mirror: { Args: { p_full: boolean; p_mirror: number }; Returns: boolean }
      resolve_write: { Args: { p_action: string; p_notion_id: string; p_user: string }; Returns: string }
      save_refresh: {
        Args: {
          p_access: string
          p_expires_in?: number
          p_fingerprint: string
          p_key_id: string
          p_lease: string
          p_refresh?: string
          p_stale: string
          p_token: number
        }
        Returns: string
      }
      search_since: { Args: { p_connection: number }; Returns: string }
      set_default_view: { Args: { p_user: string; p_view: number }; Returns: boolean }
      set_list_rule: {
        Args: { p_data_source: string; p_effect: string; p_page: number; p_user: string }
        Returns: boolean
      }
      shown_change: {
        Args: {
          p_change: Omit<
            Database['public']['Tables']['todo_change']['Row'],
            Database['public']['Tables']['todo_change']['ComputedFields']
          >
          p_undoable: number[]
        }
        Returns: Json
      }
      start_sync_job: {
        Args: { p_connection: number; p_full: boolean; p_marked?: boolean; p_sweep?: boolean }
        Returns: {
          created: boolean
          job_id: number
        }[]
      }
      store_oauth_state: {
        Args: {
          p_browser_hash: string
          p_code_verifier?: string
          p_provider: string
          p_redirect_uri: string
          p_return_to: string
          p_state_hash: string
          p_user: string
        }
        Returns: undefined
      }
      take_due_connections: {
        Args: { p_limit: number }
        Returns: {
          connection_id: number
          sweep: boolean
        }[]
      }
      todo_snapshot: { Args: { p_since?: number; p_sources?: string; p_user: string }; Returns: string }
      trash_page: { Args: { p_connection: number; p_notion_page_id: string }; Returns: undefined }
      undo_changes: {
        Args: { p_client?: string; p_entry: string; p_ids?: string[]; p_user: string }
        Returns: Json
      }
      undoable_changes: { Args: { p_entry: string; p_user: string }; Returns: number[] }
      upsert_todos: {
        Args: {
          p_job: number
          p_page: Omit<
            Database['public']['Tables']['page']['Row'],
            Database['public']['Tables']['page']['ComputedFields']
          >
          p_seq: number
          p_todos: Json
        }
        Returns: undefined
      }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'public'>]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    keyof (DefaultSchema['Tables'] & DefaultSchema['Views']) | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    ? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    keyof DefaultSchema['Enums'] | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    keyof DefaultSchema['CompositeTypes'] | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {},
  },
} as const
